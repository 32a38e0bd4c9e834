import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { hasObjects } from '@threadkeep/core/driver'
import { expectCode } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { addMessage, withThreads } from './messages.ts'
import { completed, expectStatus, hasBytes, hello, messageWith, rowOf } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase } from './storage-case.ts'
import { dayAfter, ofMinutes, sweepIn, sweptWhileDeleting } from './sweeping.ts'

/** What a sweep removes for good, and what stays. */
export const purgeCases: readonly StorageCase[] = [
  {
    id: 'purge/restore-window',
    promise: 'The bytes of what was deleted go when the restore window is over, and not before.',
    gap: 'createAttachment',
    async run(trial) {
      const days = trial
      const minutes = await ofMinutes(trial)
      const [kept, gone] = [await completed(days), await completed(minutes)]
      await days.storage.uploads.delete(kept.id, {}, trial.context)
      await minutes.storage.uploads.delete(gone.id, {}, trial.context)
      await sweepIn(minutes, 2)
      assert.ok(await hasBytes(trial, kept.id), 'bytes went before their restore window was over')
      assert.equal(await hasBytes(trial, gone.id), false, 'bytes stay after their restore window')
      await minutes.upload(gone, hello)
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, gone.id), false, 'late bytes are still there')
      assert.equal(await rowOf(trial, gone.id), undefined, 'the row is still there')
      assert.ok(await hasBytes(trial, kept.id), 'bytes went before their restore window was over')
    },
  },
  {
    id: 'purge/deleted-thread',
    promise: 'The attachments of a deleted thread are purged; those of another thread, and the free ones, stay.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context, open } = trial
      const [gone, kept, free] = [await completed(trial), await completed(trial), await completed(trial)]
      for (const [threadId, attachment] of [
        ['t1', gone],
        ['t2', kept],
      ] as const) {
        await storage.store.saveThread(thread(threadId), context)
        await storage.store.addThreadItem(threadId, messageWith(threadId, 'm1', [attachment]), context)
      }
      await sweepIn(await open(), 2)
      await storage.store.deleteThread('t1', context)
      await sweepIn(await open(), 2)
      assert.equal(await hasBytes(trial, gone.id), false, 'the bytes of the deleted thread are still there')
      await expectCode(storage.store.loadAttachment(gone.id, context), 'not_found', 'loadAttachment')
      for (const { id } of [kept, free]) {
        await expectStatus(trial, id, 'complete')
        assert.ok(await hasBytes(trial, id), 'bytes of others are gone')
      }
    },
  },
  {
    id: 'purge/bytes-before-row',
    promise: 'While bytes cannot be removed their row stays, so that a later sweep finds them.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial, { restoreWindow: 0 })
      const { store, attachments, context } = minutes
      const attachment = await completed(minutes)
      await minutes.storage.uploads.delete(attachment.id, {}, context)
      assert.ok(hasObjects<unknown>(attachments), 'an attachment store of a storage has objects')
      const stuck = replacing(attachments, { objects: replacing(attachments.objects, { delete: unreachable }) })
      const storage = trial.createStorage({ store, attachments: stuck })
      await sweepIn({ storage }, dayAfter).catch(unlessUnavailable)
      const found = await hasBytes(trial, attachment.id)
      assert.ok(
        !found || (await rowOf(trial, attachment.id)),
        'the row went before the bytes, which nobody will find now',
      )
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, attachment.id), false, 'the bytes are still there')
      assert.equal(await rowOf(trial, attachment.id), undefined, 'the row is still there')
    },
  },
  {
    id: 'purge/late-upload-of-a-deleted-thread',
    promise: 'What comes through an old URL after the attachments of a deleted thread were purged is removed too.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const attachment = await completed(minutes)
      await withThreads(minutes, ['t1'])
      await addMessage(minutes, 't1', 'm1', [attachment])
      await minutes.storage.store.deleteThread('t1', trial.context)
      await sweepIn(minutes, 2)
      await minutes.upload(attachment, hello)
      await sweepIn(minutes, dayAfter)
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, attachment.id), false, 'late bytes stay for ever')
    },
  },
  {
    id: 'purge/swept-while-a-thread-is-deleted',
    promise: 'A sweep in the middle of deleteThread does not keep the attachments of the thread for ever.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await completed(trial)
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [attachment])
      await sweptWhileDeleting(trial).store.deleteThread('t1', trial.context)
      await sweepIn(trial, dayAfter)
      assert.equal(await hasBytes(trial, attachment.id), false, 'bytes of a deleted thread stay for ever')
    },
  },
]

async function unreachable(): Promise<never> {
  throw new StorageError('unavailable', 'the attachment store is away')
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof StorageError && error.code === 'unavailable')) throw error
}
