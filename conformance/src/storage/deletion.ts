import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { completed, created, hasBytes, messageWith, rowOf, uploaded } from './prepared.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'

export const deletionCases: readonly StorageCase[] = [
  {
    id: 'deletion/hides-at-once',
    promise:
      'A deleted attachment is gone for everybody at once, whatever its state was; its bytes stay for the restore window.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context, open } = trial
      const other = await open()
      for (const prepare of [created, uploaded, completed]) {
        const { id } = await prepare(trial)
        const bytes = await hasBytes(trial, id)
        await storage.uploads.delete(id, {}, context)
        for (const one of [storage, other.storage]) await expectHidden({ ...trial, storage: one }, id)
        assert.equal(await hasBytes(trial, id), bytes, 'the bytes')
      }
    },
  },
  {
    id: 'deletion/transaction-id',
    promise: 'delete gives the caller’s transaction id back, or a new one.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const [first, second, third] = [await created(trial), await created(trial), await created(trial)]
      const given = await storage.uploads.delete(first.id, { transactionId: 'tx-17' }, context)
      expectSame(given, { transactionId: 'tx-17' }, 'the answer')
      const { transactionId: one } = await storage.uploads.delete(second.id, {}, context)
      const { transactionId: two } = await storage.uploads.delete(third.id, {}, context)
      assert.ok(typeof one === 'string' && one !== '' && one !== two, 'a new transaction id for each')
    },
  },
  {
    id: 'deletion/twice',
    promise: 'Deleted again, or never there: silent by the store and the attachment store, not_found by uploads.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await completed(trial)
      await storage.uploads.delete(id, {}, context)
      for (const gone of [id, 'none']) {
        await storage.attachments.deleteAttachment(gone, context)
        await storage.store.deleteAttachment(gone, context)
        await expectCode(storage.uploads.delete(gone, {}, context), 'not_found', 'uploads.delete')
      }
      await expectHidden(trial, id)
      assert.ok(await hasBytes(trial, id), 'the bytes went before the restore window was over')
    },
  },
  {
    id: 'deletion/as-servers-do',
    promise:
      'A server deletes from the attachment store, then from the store: hidden, and its bytes stay for the restore window.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await completed(trial)
      assert.equal(await storage.attachments.deleteAttachment(id, context), undefined, 'its answer')
      await expectHidden(trial, id)
      assert.equal(await storage.store.deleteAttachment(id, context), undefined, 'its answer')
      await expectHidden(trial, id)
      assert.ok(await hasBytes(trial, id), 'the bytes went before the restore window was over')
      assert.ok(await rowOf(trial, id), 'the row went before the bytes, which nobody will find now')
    },
  },
  {
    id: 'deletion/by-the-store',
    promise: 'The store’s deleteAttachment alone hides too, and loses no bytes out of sight.',
    gap: 'createAttachment',
    async run(trial) {
      const { id } = await completed(trial)
      await trial.storage.store.deleteAttachment(id, trial.context)
      await expectHidden(trial, id)
      assert.ok((await rowOf(trial, id))?.due, 'no sweep will find the bytes')
    },
  },
  {
    id: 'deletion/saved-again',
    promise: 'Saving the record of a deleted attachment once more does not bring it back.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await completed(trial)
      await storage.uploads.delete(attachment.id, {}, context)
      await storage.store.saveAttachment(attachment, context)
      await expectHidden(trial, attachment.id)
    },
  },
]

/** Nobody finds it any more, and no message takes it. */
async function expectHidden({ storage, context }: StorageTrial, id: string): Promise<void> {
  const { uploads, store } = storage
  await expectCode(uploads.load(id, context), 'not_found', 'uploads.load')
  await expectCode(uploads.complete(id, context), 'not_found', 'complete')
  await expectCode(uploads.fail(id, {}, context), 'not_found', 'fail')
  await expectCode(store.loadAttachment(id, context), 'not_found', 'loadAttachment')
  await store.saveThread(thread('t1'), context)
  const attachment = { type: 'file', id, name: 'plan.txt', mime_type: 'text/plain' } as const
  const add = store.addThreadItem('t1', messageWith('t1', 'm1', [attachment]), context)
  await expectCode(add, 'not_found', 'a message with it')
  await expectCode(store.loadItem('t1', 'm1', context), 'not_found', 'that message')
}
