import assert from 'node:assert/strict'
import type { Ledger, LedgerEntry } from '@threadkeep/core/driver'
import { expectCode, expectSame } from '../expect-code.ts'
import { attachment, withFields } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'
import { badIds } from './hostile-ids.ts'
import { idOf } from './ledger-walk.ts'
import { present } from './present.ts'
import type { StoreCase } from './store-case.ts'

const unmoved = { state: 'uploading', due: null, threadId: null }

export const ledgerArgumentCases: readonly StoreCase[] = [
  {
    id: 'ledger/ids',
    promise: 'Every method of the ledger refuses a scope or an id that is no good with invalid_argument.',
    needs: 'ledger',
    async run(trial) {
      const { ledger } = trial
      const scope = ledger.scopeOf(trial.context)
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      const entry = await present(trial, 'a1')
      for (const [what, bad] of badIds) {
        const calls = { ...withScope(ledger, entry, bad as never), ...withId(ledger, scope, bad as never) }
        for (const [method, call] of Object.entries(calls)) {
          await expectCode(call(), 'invalid_argument', `${method} with ${what}`)
        }
      }
      expectSame((await ledger.listAttachments(scope, null, 9)).map(idOf), ['a1'], 'an attachment was stored')
    },
  },
  {
    id: 'ledger/limits',
    promise: 'A limit that is not a whole number of at least 1 is refused with invalid_argument.',
    needs: 'ledger',
    async run({ ledger, context }) {
      const scope = ledger.scopeOf(context)
      for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null, undefined, {}, 1n]) {
        const bad = limit as never
        await expectCode(ledger.listDue(new Date(0), bad), 'invalid_argument', `listDue(${limit})`)
        await expectCode(ledger.listAttachments(scope, null, bad), 'invalid_argument', `listAttachments(${limit})`)
        await expectCode(ledger.listScopes(scope, bad), 'invalid_argument', `listScopes(${limit})`)
      }
    },
  },
  {
    id: 'ledger/cursors',
    promise: 'A cursor of the ledger’s lists is a string, and null, undefined and an empty one begin at the start.',
    needs: 'ledger',
    async run({ ledger, context }) {
      const scope = ledger.scopeOf(context)
      for (const after of [0, 7, {}, { $gt: '' }, ['a1'], true, false]) {
        const bad = after as never
        await expectCode(ledger.listAttachments(scope, bad, 9), 'invalid_argument', `listAttachments after ${after}`)
        await expectCode(ledger.listScopes(bad, 9), 'invalid_argument', `listScopes after ${after}`)
      }
      for (const after of ['a\0', '\ud800', 'x'.repeat(513)]) {
        await expectCode(ledger.listScopes(after, 9), 'invalid_argument', 'listScopes after what can be no scope')
      }
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      for (const none of [null, undefined as never, '']) {
        const found = await ledger.listAttachments(scope, none, 1)
        expectSame(found.map(idOf), ['a1'], `listAttachments after ${JSON.stringify(none)}`)
        const scopes = await ledger.listScopes(none, 1)
        assert.equal(scopes.length, 1, `listScopes after ${JSON.stringify(none)}`)
        assert.ok(Buffer.compare(Buffer.from(scopes.join()), Buffer.from(scope)) <= 0, 'the first scope of all')
      }
    },
  },
]

type Calls = Record<string, () => Promise<unknown>>

function withScope(ledger: Ledger<SuiteContext>, entry: LedgerEntry, scope: string): Calls {
  return {
    getAttachment: () => ledger.getAttachment(scope, 'a1'),
    putAttachment: () => ledger.putAttachment(scope, attachment('a1'), unmoved),
    moveAttachment: () => ledger.moveAttachment({ ...entry, scope }, unmoved),
    deleteAttachment: () => ledger.deleteAttachment(scope, 'a1'),
    releaseAttachments: () => ledger.releaseAttachments(scope, 't1', new Date(0)),
    listAttachments: () => ledger.listAttachments(scope, null, 9),
    hasThread: () => ledger.hasThread(scope, 't1'),
    hasItem: () => ledger.hasItem(scope, 't1', 'm1'),
  }
}

function withId(ledger: Ledger<SuiteContext>, scope: string, id: string): Calls {
  return {
    'getAttachment of an id': () => ledger.getAttachment(scope, id),
    'putAttachment of an id': () => ledger.putAttachment(scope, withFields(attachment('a2'), { id }), unmoved),
    'deleteAttachment of an id': () => ledger.deleteAttachment(scope, id),
    'releaseAttachments of a thread': () => ledger.releaseAttachments(scope, id, new Date(0)),
    'hasThread of a thread': () => ledger.hasThread(scope, id),
    'hasItem of a thread': () => ledger.hasItem(scope, id, 'm1'),
    'hasItem of an item': () => ledger.hasItem(scope, 't1', id),
  }
}
