import assert from 'node:assert/strict'
import type { Attachment } from '@threadkeep/core'
import { expectAccepted, expectStored } from '../attachments/http.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { message, thread, withFields } from '../samples.ts'
import { created, expectStatus, hello, messageWith, rowOf } from './prepared.ts'
import type { StorageCase } from './storage-case.ts'

export const flowCases: readonly StorageCase[] = [
  {
    id: 'flow/chat-server',
    promise: 'A chat server takes an image from its creation to the history without anybody calling complete.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, attachments, context } = trial
      const params = { name: 'cat.png', size: 5, mime_type: 'image/png' }
      const attachment = await storage.attachments.createAttachment(params, context)
      await storage.store.saveAttachment(attachment, context)
      expectAccepted(await trial.upload(attachment, hello))
      await storage.store.saveThread(thread('t1'), context)
      const loaded = await storage.store.loadAttachment(attachment.id, context)
      await storage.store.saveAttachment(withFields(loaded, { thread_id: 't1' }), context)
      const item = messageWith('t1', 'm1', [withFields(loaded, { thread_id: 't1' })])
      await storage.store.addThreadItem('t1', item, context)
      const page = await storage.store.loadThreadItems('t1', null, 20, 'desc', context)
      expectSame([page.data.length, page.has_more, page.after], [1, false, null], 'the page')
      const [shown] = (page.data[0] as { attachments?: Attachment[] }).attachments ?? []
      assert.ok(shown?.type === 'image', 'the image in the history')
      assert.equal(await (await fetch(shown.preview_url)).text(), 'hello', 'the bytes of its preview')
      await expectStatus(trial, attachment.id, 'complete')
      await expectStored({ store: attachments, context }, attachment.id, hello)
    },
  },
  {
    id: 'flow/row-before-url',
    promise: 'createAttachment leaves a row that a sweep finds before it gives the URL, and saveAttachment keeps it.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const params = { name: 'plan.txt', size: 5, mime_type: 'text/plain' }
      const attachment = await storage.attachments.createAttachment(params, context)
      await expectStatus(trial, attachment.id, 'uploading')
      const row = await rowOf(trial, attachment.id)
      assert.ok(row?.due && Date.parse(row.due) > Date.now(), 'it is due when the time of its URL is over')
      await storage.store.saveAttachment(withFields(attachment, { name: 'renamed.txt' }), context)
      const { due, state, revision } = (await rowOf(trial, attachment.id)) ?? {}
      expectSame(
        { due, state, revision },
        { due: row.due, state: row.state, revision: row.revision },
        'its private half',
      )
      assert.equal((await storage.uploads.load(attachment.id, context)).fileName, 'renamed.txt', 'the name')
    },
    async opposite({ storage, context }) {
      const params = { name: 'plan.txt', size: 5, mime_type: 'text/plain' }
      await expectCode(storage.attachments.createAttachment(params, context), 'not_supported', 'createAttachment')
    },
  },
  {
    id: 'flow/saved-with-its-thread',
    promise: 'What a server adds to the record comes back, and changes nothing of the upload.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await created(trial)
      const fields = { thread_id: 't1', metadata: { deep: [{ any: null }] }, upload_descriptor: null }
      await storage.store.saveAttachment(withFields({ ...attachment }, fields), context)
      await expectStatus(trial, attachment.id, 'uploading')
      expectAccepted(await trial.upload(attachment, hello))
      const { upload_descriptor, upload_url, ...kept } = attachment
      const expected = { ...kept, thread_id: 't1', metadata: fields.metadata }
      assert.deepEqual(await storage.store.loadAttachment(attachment.id, context), expected, 'the attachment')
    },
  },
  {
    id: 'flow/claims',
    promise: 'What an attachment store refuses to announce is refused by the storage too, and leaves nothing behind.',
    gap: 'createAttachment',
    async run({ storage, context }) {
      for (const [claims, code] of [
        [{ size: -1 }, 'invalid_argument'],
        [{ size: 2 ** 50 }, 'too_large'],
        [{ mime_type: 'no type' }, 'invalid_argument'],
        [{ sha256: 'x' }, 'invalid_argument'],
      ] as const) {
        const params = { name: 'plan.txt', size: 5, mime_type: 'text/plain', ...claims }
        const call = storage.attachments.createAttachment(params, context)
        await expectCode(call, code, `createAttachment with ${JSON.stringify(claims)}`)
      }
    },
  },
  {
    id: 'flow/everything-else',
    promise: 'Threads and items without attachments are those of the store, in both directions, page by page.',
    async run({ storage, store, context }) {
      await storage.store.saveThread(thread('t1'), context)
      await store.saveThread(thread('t2'), context)
      for (const id of ['m1', 'm2', 'm3']) await storage.store.addThreadItem('t1', message('t1', id), context)
      await storage.store.deleteThreadItem('t1', 'm2', context)
      for (const one of [storage.store, store]) {
        expectSame(await one.loadThread('t2', context), thread('t2'), 'a thread')
        expectSame(await one.loadItem('t1', 'm3', context), message('t1', 'm3'), 'an item')
        const threads = await one.loadThreads(1, null, 'asc', context)
        expectSame(threads, { data: [thread('t1')], has_more: true, after: 't1' }, 'a page of threads')
        const items = await one.loadThreadItems('t1', 'm2', 9, 'asc', context)
        expectSame(items, { data: [message('t1', 'm3')], has_more: false, after: null }, 'a page of items')
      }
      await storage.store.deleteThread('t1', context)
      await expectCode(store.loadThread('t1', context), 'not_found', 'a deleted thread')
    },
  },
]
