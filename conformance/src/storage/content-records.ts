import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { hasLedger } from '@threadkeep/core/driver'
import { expectCode, expectSame } from '../expect-code.ts'
import { notingIds, ownStorage } from './own-storage.ts'
import { hasBytes, hello, rowOf } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase } from './storage-case.ts'
import { dayAfter, sweepIn } from './sweeping.ts'

/** What is kept of contents, and what is not. */
export const contentRecordCases: readonly StorageCase[] = [
  {
    id: 'contents/json',
    promise: 'As JSON a content has base64 only while it is not stored, and afterwards where it is.',
    async run({ storage, context }) {
      const given = { filename: 'plan.txt', mimeType: 'text/plain', processedContent: { type: 'text' } }
      const content = storage.content({ ...given, content: hello }, context)
      const claims = { filename: 'plan.txt', mime_type: 'text/plain' }
      const nowhere = { file_id: null, storage_path: null, storage_backend: null, status: 'pending' }
      const pending = { ...claims, processed_content: { type: 'text' }, ...nowhere, content: 'aGVsbG8=' }
      expectSame(JSON.parse(JSON.stringify(content)), pending, 'a pending content')
      await content.ensureStored()
      const { fileId, storagePath, storageBackend = null } = content
      const there = { file_id: fileId, storage_path: storagePath, storage_backend: storageBackend, status: 'stored' }
      const processed_content = { type: 'text', url: `/files/${storagePath}` }
      const stored = { ...claims, processed_content, ...there, content: null }
      expectSame(JSON.parse(JSON.stringify(content)), stored, 'a stored content')
    },
  },
  {
    id: 'contents/limits',
    promise:
      'The limit of size and the allowed types of the attachment store hold for contents too, and nothing is left.',
    async run(trial) {
      const { attachments: limited } = await trial.open({ limits: { maxBytes: 5, allowedTypes: ['text/*'] } })
      for (const [init, code] of [
        [{ content: Buffer.alloc(6), mimeType: 'text/plain' }, 'too_large'],
        [{ content: hello, mimeType: 'text/html; charset=utf-8' }, null],
        [{ content: hello, mimeType: 'application/pdf' }, 'unsupported_type'],
        [{ content: hello }, 'unsupported_type'],
        [{ content: hello, mimeType: 'text' }, 'invalid_argument'],
      ] as const) {
        const { ids, attachments } = notingIds(limited)
        const content = ownStorage(trial, { attachments }).content({ filename: 'x', ...init }, trial.context)
        const stored = content.ensureStored()
        if (code) await expectCode(stored, code, `${init.content.byteLength} bytes of ${content.mimeType}`)
        await Promise.allSettled([stored])
        assert.equal(content.status, code ? 'failed' : 'stored', 'the status')
        for (const id of ids) assert.equal(await hasBytes(trial, id), code === null, 'whether bytes are there')
      }
    },
  },
  {
    id: 'contents/lost-on-the-way',
    promise:
      'What was written before the store went away stays until a sweep finds that nobody has it, and removes it.',
    async run(trial) {
      const { store, context } = trial
      assert.ok(hasLedger<unknown>(store), 'a store of a storage has a ledger')
      const { ids, attachments } = notingIds(trial.attachments)
      const ledger = replacing(store.ledger, {
        moveAttachment: async () => {
          throw new StorageError('unavailable', 'the store is away')
        },
      })
      const storage = ownStorage(trial, { store: replacing(store, { ledger }), attachments })
      const content = storage.content({ filename: 'x.txt', content: hello, mimeType: 'text/plain' }, context)
      await expectCode(content.ensureStored(), 'unavailable', 'ensureStored')
      expectSame([content.status, content.fileId, ids.length], ['failed', undefined, 1], 'status, file and attempts')
      const [id = ''] = ids
      assert.ok((await rowOf(trial, id))?.due, 'no sweep will find the bytes')
      for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweepIn(trial, dayAfter)
      assert.equal(await hasBytes(trial, id), false, 'the bytes are still there')
      assert.equal(await rowOf(trial, id), undefined, 'the row is still there')
    },
  },
]
