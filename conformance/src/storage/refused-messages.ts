import assert from 'node:assert/strict'
import { expectAccepted } from '../attachments/http.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { addMessage, expectMessages, withThreads } from './messages.ts'
import { completed, created, hello, messageWith, uploaded } from './prepared.ts'
import type { StorageCase } from './storage-case.ts'

/** Messages that cannot be saved because of an attachment. */
export const refusedMessageCases: readonly StorageCase[] = [
  {
    id: 'messages/incomplete',
    promise: 'A message with an attachment whose bytes are not there is object_missing and saves nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await created(trial)
      await withThreads(trial, ['t1'])
      await expectCode(addMessage(trial, 't1', 'm1', [attachment]), 'object_missing', 'addThreadItem')
      await expectMessages(trial, 't1', [])
      expectAccepted(await trial.upload(attachment, hello))
      await addMessage(trial, 't1', 'm1', [attachment])
      await expectMessages(trial, 't1', ['m1'])
    },
  },
  {
    id: 'messages/failed',
    promise: 'A message with a failed attachment is a conflict and saves nothing, neither new nor over an old one.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await uploaded(trial)
      await storage.uploads.fail(attachment.id, {}, context)
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [])
      await expectCode(addMessage(trial, 't1', 'm1', [attachment]), 'conflict', 'addThreadItem')
      const item = await storage.store.loadItem('t1', 'm1', context)
      expectSame(item, messageWith('t1', 'm1', []), 'the old message')
    },
  },
  {
    id: 'messages/all-or-none',
    promise: 'A message that is refused because of one attachment leaves the others free for another thread.',
    gap: 'createAttachment',
    async run(trial) {
      const [there, missing] = [await completed(trial), await created(trial)]
      await withThreads(trial, ['t1', 't2'])
      await expectCode(addMessage(trial, 't1', 'm1', [there, missing]), 'object_missing', 'addThreadItem')
      await expectMessages(trial, 't1', [])
      await addMessage(trial, 't2', 'm1', [there])
      await expectMessages(trial, 't2', ['m1'])
    },
  },
  {
    id: 'messages/missing-thread',
    promise: 'A message to a thread that is not there is not_found, and its attachments stay free.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await completed(trial)
      await expectCode(addMessage(trial, 'none', 'm1', [attachment]), 'not_found', 'addThreadItem')
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [attachment])
      await expectMessages(trial, 't1', ['m1'])
    },
  },
  {
    id: 'messages/snapshot-in',
    promise: 'What is changed while a message with attachments is saved is not stored.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      await withThreads(trial, ['t1'])
      const item = messageWith('t1', 'm1', [await uploaded(trial)])
      const adding = storage.store.addThreadItem('t1', item, context)
      item.content = []
      await adding
      const stored = await storage.store.loadItem('t1', 'm1', context)
      assert.deepEqual(
        'content' in stored && stored.content,
        [{ type: 'input_text', text: 'text of m1' }],
        'the content',
      )
    },
  },
  {
    id: 'messages/no-object',
    promise: 'An item or an attachment that is no object is invalid_argument.',
    async run({ storage, context }) {
      await storage.store.saveThread(
        { id: 't1', created_at: '2026-01-01T12:00:00Z', status: { type: 'active' }, metadata: {} },
        context,
      )
      for (const value of [null, undefined, 7, 'x'] as never[]) {
        await expectCode(storage.store.addThreadItem('t1', value, context), 'invalid_argument', 'addThreadItem')
        await expectCode(storage.store.saveItem('t1', value, context), 'invalid_argument', 'saveItem')
        await expectCode(storage.store.saveAttachment(value, context), 'invalid_argument', 'saveAttachment')
      }
    },
  },
]
