import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import { BrokenPromise } from '../broken-promise.ts'

const longest = 1_000

/** What failed, for people: what was looked at, and below it what was expected and what came. */
export function inWords(error: unknown): string {
  const cause = error instanceof BrokenPromise ? error.cause : error
  if (!(cause instanceof AssertionError)) return `expected: no error\ncame: ${named(cause)}`
  const what = firstLine(cause.message)
  if (!tellsValues(cause)) return what
  return `${what}\nexpected: ${shown(cause.expected)}\ncame: ${shown(cause.actual)}`
}

/** A bare `assert.ok` compares with true, and `assert.fail` with nothing: their message says it all. */
function tellsValues({ operator, actual, expected }: AssertionError): boolean {
  if (operator === '==' || operator === 'fail' || operator === 'notStrictEqual') return false
  return actual !== undefined || expected !== undefined
}

function named(error: unknown): string {
  if (!(error instanceof Error)) return shown(error)
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return cut(`${error.name}${code}: ${error.message}`)
}

function shown(value: unknown): string {
  return cut(typeof value === 'string' ? value : inspect(value, { depth: 6, breakLength: 100, sorted: false }))
}

/** Behind the message of a comparison Node may print a difference, which is told as values instead. */
function firstLine(message: string): string {
  return cut(message.split('\n', 1)[0] ?? '')
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
