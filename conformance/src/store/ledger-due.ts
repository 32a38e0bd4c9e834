import assert from 'node:assert/strict'
import type { AttachmentMove } from '@threadkeep/core/driver'
import { expectSame } from '../expect-code.ts'
import { present } from './present.ts'
import type { StoreCase, StoreTrial } from './store-case.ts'

const unmoved: AttachmentMove = { state: 'uploading', due: null, threadId: null }

/** Long ago, so that due rows of other tenants and earlier runs come later in every list. */
const longAgo = (second: number) => new Date(second * 1000)
const dueAt = (second: number) => longAgo(second).toISOString()

export const ledgerDueCases: readonly StoreCase[] = [
  {
    id: 'ledger/release',
    promise: 'releaseAttachments makes exactly the thread’s attachments due, and old readings of them move no more.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, attachment } = trial
      const scope = ledger.scopeOf(trial.context)
      for (const [id, threadId] of [
        ['a1', 't1'],
        ['a2', 't1'],
        ['a3', 't2'],
        ['a4', null],
      ] as const) {
        await ledger.putAttachment(scope, attachment(id), { ...unmoved, threadId })
      }
      const old = await present(trial, 'a1')
      await ledger.releaseAttachments(scope, 't1', longAgo(7))
      const dues = await Promise.all(['a1', 'a2', 'a3', 'a4'].map(async (id) => (await present(trial, id)).due))
      expectSame(dues, [dueAt(7), dueAt(7), null, null], 'when they are due')
      assert.equal(await ledger.moveAttachment(old, unmoved), false, 'a move from before the release')
      expectSame((await ownDue(trial, 8)).sort(), ['a1', 'a2'], 'what listDue gives')
      await ledger.releaseAttachments(scope, 'nobody', longAgo(7))
      await forget(trial, ['a1', 'a2', 'a3', 'a4'])
    },
  },
  {
    id: 'ledger/due',
    promise: 'listDue gives what became due before an instant, the longest due first, at most as many as asked for.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, attachment } = trial
      const scope = ledger.scopeOf(trial.context)
      for (const [id, second] of [
        ['a3', 30],
        ['a1', 10],
        ['a4', 40],
        ['a2', 20],
      ] as const) {
        await ledger.putAttachment(scope, attachment(id), { ...unmoved, due: dueAt(second) })
      }
      await ledger.putAttachment(scope, attachment('a5'), unmoved)
      expectSame(await ownDue(trial, 40), ['a1', 'a2', 'a3'], 'before the 40th second')
      const some = await ledger.listDue(longAgo(100), 2)
      assert.equal(some.length, 2, 'limit 2')
      const all = (await ledger.listDue(new Date(), 10_000)).map(({ due }) => due)
      expectSame(all, all.toSorted(), 'the longest due first')
      await ledger.moveAttachment(await present(trial, 'a1'), { ...unmoved, due: dueAt(25) })
      await ledger.moveAttachment(await present(trial, 'a2'), { ...unmoved, due: null })
      await ledger.deleteAttachment(scope, 'a4')
      expectSame(await ownDue(trial, 100), ['a1', 'a3'], 'after moves and a deletion')
      await forget(trial, ['a1', 'a2', 'a3', 'a5'])
    },
  },
  {
    id: 'ledger/due-of-all-tenants',
    promise: 'listDue reaches the attachments of every tenant, each with its scope.',
    needs: 'ledger',
    async run({ ledger, stranger, attachment }) {
      const scopes = [stranger(), stranger(":'{}/")].map((context) => ledger.scopeOf(context))
      for (const scope of scopes) await ledger.putAttachment(scope, attachment('a1'), { ...unmoved, due: dueAt(1) })
      const found = (await ledger.listDue(longAgo(2), 10_000)).filter(({ scope }) => scopes.includes(scope))
      expectSame(found.map(({ scope }) => scope).sort(), scopes.toSorted(), 'the scopes')
      for (const entry of found) expectSame(entry.attachment, attachment('a1'), 'the attachment')
      for (const entry of found) assert.equal(await ledger.moveAttachment(entry, unmoved), true, 'a move from the list')
    },
  },
  {
    id: 'ledger/has-thread',
    promise: 'hasThread says whether a scope has the thread.',
    needs: 'ledger',
    async run({ ledger, store, context, stranger, thread }) {
      const scope = ledger.scopeOf(context)
      assert.equal(await ledger.hasThread(scope, 't1'), false, 'before it is saved')
      await store.saveThread(thread('t1'), context)
      assert.equal(await ledger.hasThread(scope, 't1'), true, 'after it was saved')
      assert.equal(await ledger.hasThread(ledger.scopeOf(stranger()), 't1'), false, 'of another tenant')
      await store.deleteThread('t1', context)
      assert.equal(await ledger.hasThread(scope, 't1'), false, 'after it was deleted')
    },
  },
  {
    id: 'ledger/has-item',
    promise: 'hasItem says whether a thread of a scope has the item.',
    needs: 'ledger',
    async run({ ledger, store, context, stranger, thread, message }) {
      const scope = ledger.scopeOf(context)
      for (const id of ['t1', 't2']) await store.saveThread(thread(id), context)
      assert.equal(await ledger.hasItem(scope, 't1', 'm1'), false, 'before it is added')
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      assert.equal(await ledger.hasItem(scope, 't1', 'm1'), true, 'after it was added')
      assert.equal(await ledger.hasItem(scope, 't2', 'm1'), false, 'in another thread')
      assert.equal(await ledger.hasItem(scope, 'nobody', 'm1'), false, 'in a thread that is not there')
      assert.equal(await ledger.hasItem(ledger.scopeOf(stranger()), 't1', 'm1'), false, 'of another tenant')
      await store.deleteThreadItem('t1', 'm1', context)
      assert.equal(await ledger.hasItem(scope, 't1', 'm1'), false, 'after it was deleted')
      await store.addThreadItem('t1', message('t1', 'm2'), context)
      await store.deleteThread('t1', context)
      assert.equal(await ledger.hasItem(scope, 't1', 'm2'), false, 'after its thread was deleted')
    },
  },
]

async function ownDue({ ledger, context }: StoreTrial, beforeSecond: number): Promise<string[]> {
  const entries = await ledger.listDue(longAgo(beforeSecond), 10_000)
  return entries.filter(({ scope }) => scope === ledger.scopeOf(context)).map((entry) => entry.attachment.id)
}

/** Due rows are seen by every tenant's sweep, so none stays behind. */
async function forget({ ledger, context }: StoreTrial, ids: readonly string[]): Promise<void> {
  for (const id of ids) await ledger.deleteAttachment(ledger.scopeOf(context), id)
}
