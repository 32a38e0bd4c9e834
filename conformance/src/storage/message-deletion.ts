import assert from 'node:assert/strict'
import type { Attachment } from '@threadkeep/core'
import { expectCode } from '../expect-code.ts'
import { addMessage, expectMessages, withThreads } from './messages.ts'
import { completed, expectStatus, hasBytes, hello } from './prepared.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'
import { dayAfter, ofMinutes, sweepIn, sweptWhileDeleting } from './sweeping.ts'

/** What becomes of attachments whose message is deleted. */
export const messageDeletionCases: readonly StorageCase[] = [
  {
    id: 'messages/deleted',
    promise: 'The attachments of a deleted message are purged; those of other messages, and the free ones, stay.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const [gone, kept, free] = [await completed(trial), await completed(trial), await completed(trial)]
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [gone])
      await addMessage(trial, 't1', 'm2', [kept])
      await sweepIn(trial, 2)
      await storage.store.deleteThreadItem('t1', 'm1', context)
      await storage.store.deleteThreadItem('t1', 'm1', context)
      await sweepIn(trial, 2)
      await expectGone(trial, gone)
      await expectThere(trial, [kept, free])
      await expectMessages(trial, 't1', ['m2'])
    },
  },
  {
    id: 'messages/deleted-of-several',
    promise: 'An attachment goes with the last message that has it, not before; also when the message comes again.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await completed(trial)
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [attachment])
      await sweepIn(trial, 2)
      await addMessage(trial, 't1', 'm2', [attachment])
      await storage.store.deleteThreadItem('t1', 'm1', context)
      await sweepIn(trial, 2)
      await expectThere(trial, [attachment])
      await storage.store.deleteThreadItem('t1', 'm2', context)
      await addMessage(trial, 't1', 'm2', [attachment])
      await sweepIn(trial, 2)
      await expectThere(trial, [attachment])
      await storage.store.deleteThreadItem('t1', 'm2', context)
      await sweepIn(trial, 2)
      await expectGone(trial, attachment)
    },
  },
  {
    id: 'messages/deleted-then-late-upload',
    promise: 'What comes through an old URL after the attachments of a deleted message were purged is removed too.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const attachment = await completed(minutes)
      await withThreads(minutes, ['t1'])
      await addMessage(minutes, 't1', 'm1', [attachment])
      await minutes.storage.store.deleteThreadItem('t1', 'm1', trial.context)
      await sweepIn(minutes, 2)
      await minutes.upload(attachment, hello)
      await sweepIn(minutes, dayAfter)
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, attachment.id), false, 'late bytes stay for ever')
    },
  },
  {
    id: 'messages/swept-while-deleted',
    promise: 'A sweep in the middle of deleteThreadItem does not keep the attachments of the message for ever.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await completed(trial)
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [attachment])
      await sweptWhileDeleting(trial).store.deleteThreadItem('t1', 'm1', trial.context)
      await sweepIn(trial, dayAfter)
      assert.equal(await hasBytes(trial, attachment.id), false, 'bytes of a deleted message stay for ever')
    },
  },
]

async function expectGone(trial: StorageTrial, { id }: Attachment): Promise<void> {
  assert.equal(await hasBytes(trial, id), false, 'the bytes of the deleted message are still there')
  await expectCode(trial.storage.store.loadAttachment(id, trial.context), 'not_found', 'loadAttachment')
}

async function expectThere(trial: StorageTrial, attachments: readonly Attachment[]): Promise<void> {
  for (const { id } of attachments) {
    await expectStatus(trial, id, 'complete')
    assert.ok(await hasBytes(trial, id), 'bytes of others are gone')
  }
}
