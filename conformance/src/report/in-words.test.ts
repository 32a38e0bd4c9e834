import assert from 'node:assert/strict'
import { InternalServerError, StorageError } from '@threadkeep/core'
import { expect, it } from 'vitest'
import { expectCode, expectSame } from '../expect-code.ts'
import { inWords } from './in-words.ts'

const columnMissing = Object.assign(new Error('column "positon" does not exist'), { code: '42703' })
const masked = new InternalServerError('loadThread failed', { cause: columnMissing })

it.each([
  ['a wrong value', () => assert.equal(4, 5, 'the sum'), 'the sum\nexpected: 5\ncame: 4'],
  ['another object', () => expectSame({ a: 1 }, { a: 2 }, 'the row'), 'the row\nexpected: { a: 2 }\ncame: { a: 1 }'],
  [
    'keys in another order',
    () => expectSame({ a: 1, b: 2 }, { b: 2, a: 1 }, 'the row'),
    /another order\n.*"b".*\n.*"a"/,
  ],
  ['a bare condition', () => assert.ok(false, 'the list is empty'), 'the list is empty'],
  ['a plain failure', () => assert.fail('it never ends'), 'it never ends'],
  ['text that does not match', () => assert.match('x', /^thr_/, 'the id'), 'the id\nexpected: /^thr_/\ncame: x'],
  ['a missing value', () => assert.equal(undefined, 'a', 'the name'), 'the name\nexpected: a\ncame: undefined'],
  [
    'an error',
    () => {
      throw new StorageError('timeout', 'no answer')
    },
    'expected: no error\ncame: StorageError (timeout): no answer',
  ],
  [
    'an error that another one caused',
    () => Promise.reject(masked),
    'expected: no error\ncame: InternalServerError (internal): loadThread failed\n' +
      '  caused by Error (42703): column "positon" does not exist',
  ],
  [
    'a connection that failed everywhere',
    () => Promise.reject(new AggregateError([new Error('connect ::1'), new Error('connect 127.0.0.1')])),
    'expected: no error\ncame: AggregateError: connect ::1; connect 127.0.0.1',
  ],
  ['several lines', () => assert.fail('these calls:\n  1. saveThread'), 'these calls:\n  1. saveThread'],
  ['what is no error', () => Promise.reject('gone'), 'expected: no error\ncame: gone'],
  [
    'another code',
    () => expectCode(Promise.reject(masked), 'not_found', 'loadThread'),
    'loadThread must reject with not_found, but rejected with internal\nexpected: not_found\ncame: internal\n' +
      '  caused by InternalServerError (internal): loadThread failed\n' +
      '  caused by Error (42703): column "positon" does not exist',
  ],
  [
    'a call that succeeds',
    () => expectCode(Promise.resolve({ id: 't1' }), 'not_found', 'loadThread'),
    'loadThread must reject with not_found, but resolved with {"id":"t1"}',
  ],
])('%s is told as what was looked at, what was expected and what came', async (_, fail, words) => {
  const error = await Promise.resolve()
    .then(fail)
    .then(() => undefined)
    .catch((reason: unknown) => reason)
  expect(inWords(error)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words))
})

it('causes without end are cut', () => {
  const error = Array.from({ length: 9 }).reduce<Error>((cause, _, depth) => new Error(`${depth}`, { cause }), masked)
  expect(inWords(error)).toBe(`expected: no error\ncame: Error: 8${[7, 6, 5, 4].map(causedBy).join('')}`)
})

it('a cause that the message names already is not told twice', () => {
  expect(inWords(new Error('open(): Error: refused', { cause: new Error('refused') }))).not.toContain('caused by')
})

it('long values are cut', () => {
  const error = new assert.AssertionError({ message: 'the body', actual: 'x'.repeat(99_999), expected: 'y' })
  expect(inWords(error)).toBe(`the body\nexpected: y\ncame: ${'x'.repeat(1_000)}…`)
})

function causedBy(depth: number): string {
  return `\n  caused by Error: ${depth}`
}
