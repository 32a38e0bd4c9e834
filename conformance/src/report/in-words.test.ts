import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { expect, it } from 'vitest'
import { expectCode, expectSame } from '../expect-code.ts'
import { inWords } from './in-words.ts'

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
  ['what is no error', () => Promise.reject('gone'), 'expected: no error\ncame: gone'],
  [
    'another code',
    () => expectCode(Promise.reject(new StorageError('internal', 'oops')), 'not_found', 'loadThread'),
    'loadThread must reject with not_found, but rejected with internal: StorageError: oops\nexpected: not_found\ncame: internal',
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

it('long values are cut', () => {
  const error = new assert.AssertionError({ message: 'the body', actual: 'x'.repeat(99_999), expected: 'y' })
  expect(inWords(error)).toBe(`the body\nexpected: y\ncame: ${'x'.repeat(1_000)}…`)
})
