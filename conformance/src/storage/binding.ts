import assert from 'node:assert/strict'
import type { Attachment } from '@threadkeep/core'
import { bytesOf } from '../attachments/bytes.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { attachment as file } from '../samples.ts'
import { addMessage, expectMessages, withThreads } from './messages.ts'
import { completed, messageWith } from './prepared.ts'
import type { StorageCase } from './storage-case.ts'

export const bindingCases: readonly StorageCase[] = [
  {
    id: 'binding/one-thread',
    promise:
      'An attachment belongs to the thread of its first message: another thread is a conflict, and saves nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await completed(trial)
      await withThreads(trial, ['t1', 't2'])
      await addMessage(trial, 't1', 'm1', [attachment])
      for (const save of [storage.store.addThreadItem, storage.store.saveItem]) {
        const call = save.call(storage.store, 't2', messageWith('t2', 'm1', [attachment]), context)
        await expectCode(call, 'conflict', 'a message of another thread')
      }
      await expectMessages(trial, 't2', [])
      await expectMessages(trial, 't1', ['m1'])
    },
  },
  {
    id: 'binding/same-thread-again',
    promise: 'In its own thread an attachment may be saved again and used again: servers add the same message twice.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await completed(trial)
      await withThreads(trial, ['t1'])
      await addMessage(trial, 't1', 'm1', [attachment])
      await addMessage(trial, 't1', 'm1', [attachment])
      await storage.store.saveItem('t1', messageWith('t1', 'm2', [attachment, attachment]), context)
      await expectMessages(trial, 't1', ['m1', 'm2'])
    },
  },
  {
    id: 'binding/own-upload',
    promise: 'A free attachment goes into no message but its uploader’s; in its thread everybody may save it again.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await completed(trial)
      await withThreads(trial, ['t1', 't2'])
      const theirs = { ...trial, context: trial.colleague }
      await expectCode(addMessage(theirs, 't2', 'm1', [attachment]), 'unauthorized', 'a message of another user')
      await expectMessages(trial, 't2', [])
      await addMessage(trial, 't1', 'm1', [attachment])
      await addMessage(theirs, 't1', 'm1', [attachment])
      await expectMessages(trial, 't1', ['m1'])
    },
  },
  {
    id: 'binding/strangers',
    promise: 'Whoever names another tenant’s attachment in a message gets neither its bytes nor takes it away.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, stranger } = trial
      const theirs = { ...trial, context: stranger() }
      const { id } = await completed(theirs, { name: 'cat.png', mime_type: 'image/png' })
      await withThreads(trial, ['t1'])
      const stolen = { id, type: 'image', name: 'cat.png', mime_type: 'image/png', preview_url: '' } as const
      await addMessage(trial, 't1', 'm1', [stolen])
      const { attachments } = (await storage.store.loadItem('t1', 'm1', trial.context)) as {
        attachments?: Attachment[]
      }
      const shown = attachments?.[0]
      if (shown?.type === 'image' && shown.preview_url) {
        const { status } = await fetch(shown.preview_url)
        assert.ok(status >= 400, `a preview of another tenant’s bytes answers ${status}`)
      }
      await withThreads(theirs, ['t2'])
      await addMessage(theirs, 't2', 'm1', [await storage.store.loadAttachment(id, theirs.context)])
      await expectMessages(theirs, 't2', ['m1'])
    },
  },
  {
    id: 'binding/elsewhere',
    promise: 'An attachment that was never known here lives elsewhere, and comes back in its message as it was.',
    async run(trial) {
      await withThreads(trial, ['t1'])
      const preview_url = 'https://example.com/cat.png?sig=1'
      const elsewhere = { id: 'x', type: 'image', name: 'x', mime_type: 'image/png', preview_url } as const
      await addMessage(trial, 't1', 'm1', [elsewhere])
      const item = await trial.storage.store.loadItem('t1', 'm1', trial.context)
      assert.deepEqual(item, messageWith('t1', 'm1', [elsewhere]), 'the message')
    },
  },
  {
    id: 'binding/written-by-the-server',
    promise: 'What the server writes itself is an attachment like any other once its record is saved.',
    async run(trial) {
      const { storage, attachments, context } = trial
      await attachments.writeAttachment('a1', bytesOf('report'), context, { type: 'text/plain' })
      await storage.store.saveAttachment(file('a1'), context)
      await withThreads(trial, ['t1', 't2'])
      await addMessage(trial, 't1', 'm1', [await storage.store.loadAttachment('a1', context)])
      await expectCode(addMessage(trial, 't2', 'm1', [file('a1')]), 'conflict', 'a message of another thread')
      const { fileSize, status, uploadedBy } = await storage.uploads.load('a1', context)
      expectSame([fileSize, status, uploadedBy], [6, 'complete', null], 'size, status and uploader')
    },
  },
]
