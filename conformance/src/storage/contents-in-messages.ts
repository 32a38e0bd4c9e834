import assert from 'node:assert/strict'
import { type Attachment, StorageError } from '@threadkeep/core'
import type { Content, ItemWithContents } from '@threadkeep/storage'
import { expectCode, expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { expectMessages, withThreads } from './messages.ts'
import { notingIds, ownStorage } from './own-storage.ts'
import { expectStatus, hasBytes, hello, messageWith } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'
import { sweepIn } from './sweeping.ts'

/** Files of the server's own among the attachments of an item. */
export const contentMessageCases: readonly StorageCase[] = [
  {
    id: 'contents/in-a-message',
    promise: 'A pending content among the attachments of an item is stored first and replaced by its record.',
    async run(trial) {
      const { storage, context } = trial
      await withThreads(trial, ['t1'])
      for (const save of [storage.store.addThreadItem, storage.store.saveItem]) {
        const [pending, stored] = [text(trial, 'pending.txt'), text(trial, 'stored.txt')]
        await stored.ensureStored()
        const { fileId: before } = stored
        await save.call(storage.store, 't1', withContents('m1', [pending, stored]), context)
        expectSame([pending.status, stored.fileId], ['stored', before], 'the status of one, the file of the other')
        const records = [pending, stored].map(({ fileId: id, filename: name }) => {
          return { type: 'file' as const, id, name, mime_type: 'text/plain' }
        })
        const item = await storage.store.loadItem('t1', 'm1', context)
        assert.deepEqual(item, messageWith('t1', 'm1', records as Attachment[]), 'the message')
        for (const { id = '' } of records) assert.ok(await hasBytes(trial, id), 'no bytes')
      }
    },
  },
  {
    id: 'contents/all-or-none',
    promise: 'When one content of an item cannot be stored, nothing is saved and what was stored for it is removed.',
    async run(trial) {
      const { storage, context } = trial
      await withThreads(trial, ['t1'])
      const { ids, attachments } = notingIds(trial.attachments)
      const own = ownStorage(trial, { attachments })
      const [good, bad] = [text({ ...trial, storage: own }, 'good.txt'), own.content({ filename: 'none' }, context)]
      const add = own.store.addThreadItem('t1', withContents('m1', [good, bad]), context)
      await expectCode(add, 'object_missing', 'a message with a content that has no bytes')
      await expectMessages(trial, 't1', [])
      expectSame([good.status, good.fileId, bad.status], ['pending', undefined, 'failed'], 'statuses and file')
      assert.ok(ids.length > 0, 'nothing was tried')
      for (const id of ids) assert.equal(await hasBytes(trial, id), false, 'bytes of a message that was not saved')
      await storage.store.addThreadItem('t1', withContents('m1', [good]), context)
      await expectMessages(trial, 't1', ['m1'])
    },
  },
  {
    id: 'contents/refused-message',
    promise: 'A content that was stored for a message to a missing thread is removed, and is pending again.',
    async run(trial) {
      const { storage, context } = trial
      const [pending, stored] = [text(trial, 'pending.txt'), text(trial, 'stored.txt')]
      await stored.ensureStored()
      const add = storage.store.addThreadItem('none', withContents('m1', [pending, stored]), context)
      await expectCode(add, 'not_found', 'a message to a missing thread')
      expectSame([pending.status, stored.status], ['pending', 'stored'], 'the statuses')
      await withThreads(trial, ['none'])
      await storage.store.addThreadItem('none', withContents('m1', [pending, stored]), context)
      await expectMessages(trial, 'none', ['m1'])
    },
  },
  {
    id: 'contents/lost-answer',
    promise: 'When nobody knows whether a message was saved its contents stay, until its thread is deleted.',
    async run(trial) {
      const { store, context } = trial
      await withThreads(trial, ['t1'])
      const away = async () => {
        throw new StorageError('unavailable', 'the store is away')
      }
      const storage = ownStorage(trial, { store: replacing(store, { addThreadItem: away }) })
      const content = text({ ...trial, storage }, 'plan.txt')
      const add = storage.store.addThreadItem('t1', withContents('m1', [content]), context)
      await expectCode(add, 'unavailable', 'the message')
      const { fileId = '' } = content
      await sweepIn(trial, 2)
      await expectStatus(trial, fileId, 'complete')
      assert.ok(await hasBytes(trial, fileId), 'the bytes are gone')
      await trial.storage.store.deleteThread('t1', context)
      await sweepIn(trial, 2)
      assert.equal(await hasBytes(trial, fileId), false, 'the bytes are still there')
    },
  },
  {
    id: 'contents/of-a-thread',
    promise: 'A stored content belongs to the thread of its message: to no other, and it goes with it.',
    async run(trial) {
      const { storage, context, stranger } = trial
      await withThreads(trial, ['t1', 't2'])
      const content = text(trial, 'plan.txt')
      await storage.store.addThreadItem('t1', withContents('m1', [content]), context)
      const elsewhere = { ...withContents('m1', [content]), thread_id: 't2' }
      await expectCode(storage.store.addThreadItem('t2', elsewhere, context), 'conflict', 'another thread')
      const other = stranger()
      await storage.store.saveThread(thread('t1'), other)
      const theirs = storage.store.addThreadItem('t1', withContents('m1', [content]), other)
      await expectCode(theirs, 'invalid_argument', 'a message of another tenant')
      const { fileId = '' } = content
      await storage.store.deleteThread('t1', context)
      await sweepIn(trial, 2)
      assert.equal(await hasBytes(trial, fileId), false, 'the bytes of the deleted thread are still there')
    },
  },
]

function text({ storage, context }: StorageTrial, filename: string): Content {
  return storage.content({ filename, content: hello, mimeType: 'text/plain' }, context)
}

function withContents(id: string, attachments: Content[]): ItemWithContents {
  return { ...messageWith('t1', id, []), attachments }
}
