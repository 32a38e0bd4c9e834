import { expectCode } from '../expect-code.ts'
import type { SuiteContext } from '../suite-context.ts'
import { everyMethod } from './every-method.ts'
import type { StoreCase } from './store-case.ts'

const bad: readonly [string, (context: SuiteContext) => unknown][] = [
  ['throws', () => raise()],
  ['is empty', () => ''],
  ['is undefined', () => undefined],
  ['is null', () => null],
  ['is a number', () => 7],
  ['is an object', ({ scope }) => ({ scope })],
  ['is a promise', async ({ scope }) => scope],
  ['is a promise that fails', async () => raise()],
  ['has 513 bytes', () => 'x'.repeat(513)],
  ['has NUL', () => 'a\0'],
  ['has a lone surrogate', () => 'a\udfff'],
]

export const scopeCases: readonly StoreCase[] = [
  {
    id: 'scopes/bad',
    promise:
      'A scope that throws, is empty, missing or not a string is invalid_argument in every method: there is no fallback.',
    async run({ open, context }) {
      for (const [what, scope] of bad) {
        const store = await open({ scope: scope as () => string })
        for (const [method, call] of Object.entries(everyMethod(store, context))) {
          await expectCode(call(), 'invalid_argument', `${method} when the scope ${what}`)
        }
      }
    },
  },
  {
    id: 'scopes/required',
    promise: 'Without the option scope no store is made: invalid_argument.',
    async run({ open }) {
      for (const scope of [undefined, null, 'tenant']) {
        await expectCode(open({ scope: scope as never }), 'invalid_argument', `scope ${scope}`)
      }
    },
  },
  {
    id: 'scopes/missing-context',
    promise: 'A call without a context that the scope can read is invalid_argument.',
    async run({ store }) {
      for (const [method, call] of Object.entries(everyMethod(store, undefined as never))) {
        await expectCode(call(), 'invalid_argument', method)
      }
    },
  },
]

function raise(): never {
  throw new Error('not logged in')
}
