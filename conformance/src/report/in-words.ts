import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import { BrokenPromise } from '../broken-promise.ts'

const longestValue = 1_000
const longestText = 8_000

/** What failed, for people: what was looked at, and below it what was expected, what came, and what caused it. */
export function inWords(error: unknown): string {
  const seen = error instanceof BrokenPromise ? error.cause : error
  if (!(seen instanceof AssertionError)) return `expected: no error\ncame: ${causesBelow(errorInWords(seen))}`
  const [, ...causes] = errorInWords(seen)
  return causesBelow([assertionInWords(seen), ...causes])
}

/** An error and what caused it, for the middle of a sentence. */
export function inOneLine(error: unknown): string {
  return errorInWords(error).join(', caused by ')
}

/** The error, then what caused it, then what caused that: core tells in `cause` what a driver threw. */
function errorInWords(error: unknown, deepest = 4): string[] {
  const cause = error instanceof Error && deepest > 0 ? error.cause : undefined
  return [named(error), ...(cause === undefined ? [] : errorInWords(cause, deepest - 1))]
}

function assertionInWords(error: AssertionError): string {
  if (!tellsValues(error)) return cut(error.message.trim(), longestText)
  return `${firstLine(error.message)}\nexpected: ${shown(error.expected)}\ncame: ${shown(error.actual)}`
}

/** A bare `assert.ok` compares with true, and `assert.fail` with nothing: their message says it all. */
function tellsValues({ operator, actual, expected }: AssertionError): boolean {
  if (operator === '==' || operator === 'fail' || operator === 'notStrictEqual') return false
  return actual !== undefined || expected !== undefined
}

/** A cause that the failure names itself is not told twice. */
function causesBelow([failure = '', ...causes]: readonly string[]): string {
  return [failure, ...causes.filter((cause) => !failure.includes(cause))].join('\n  caused by ')
}

function named(error: unknown): string {
  if (!(error instanceof Error)) return shown(error)
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return cut(`${error.name}${code}: ${messageOf(error)}`, longestValue)
}

/** A connection that failed at several addresses has no message of its own. */
function messageOf(error: Error): string {
  if (error.message || !(error instanceof AggregateError)) return error.message
  return error.errors.map((one) => (one instanceof Error ? one.message : shown(one))).join('; ')
}

function shown(value: unknown): string {
  return cut(
    typeof value === 'string' ? value : inspect(value, { depth: 6, breakLength: 100, sorted: false }),
    longestValue,
  )
}

/** Behind the message of a comparison Node may print a difference, which is told as values instead. */
function firstLine(message: string): string {
  return cut(message.split('\n', 1)[0] ?? '', longestValue)
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
