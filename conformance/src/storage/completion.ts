import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { hasObjects } from '@threadkeep/core/driver'
import { bytesOf } from '../attachments/bytes.ts'
import { expectAccepted, expectRefused, expectStored } from '../attachments/http.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { completed, created, expectStatus, hasBytes, hello, uploaded } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase } from './storage-case.ts'

export const completionCases: readonly StorageCase[] = [
  {
    id: 'completion/record',
    promise:
      'An upload is uploading until its uploader completes it, and its record says what was announced, and by whom.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await uploaded(trial, { name: 'plän "1".pdf', mime_type: 'application/pdf' })
      const record = await storage.uploads.load(id, context)
      const claims = { id, fileName: 'plän "1".pdf', fileSize: 5, mimeType: 'application/pdf' }
      const told = { ...record, ...claims, status: 'uploading', reason: null, uploadedBy: 'ann' }
      assert.deepEqual(record, told, 'the record')
      assert.equal(new Date(record.uploadedAt).toISOString(), record.uploadedAt, 'uploadedAt')
      const complete = await storage.uploads.complete(id, context)
      assert.deepEqual(complete, { ...complete, ...told, status: 'complete' }, 'the completed record')
      assert.deepEqual(await storage.uploads.load(id, context), complete, 'what load gives afterwards')
    },
  },
  {
    id: 'completion/before-the-bytes',
    promise:
      'complete before any bytes is object_missing and changes nothing: the upload may still come, and be completed.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const attachment = await created(trial)
      await expectCode(storage.uploads.complete(attachment.id, context), 'object_missing', 'complete without bytes')
      await expectCode(storage.store.loadAttachment(attachment.id, context), 'object_missing', 'loadAttachment')
      await expectStatus(trial, attachment.id, 'uploading')
      expectAccepted(await trial.upload(attachment, hello))
      assert.equal((await storage.uploads.complete(attachment.id, context)).status, 'complete', 'the status')
    },
  },
  {
    id: 'completion/twice',
    promise: 'complete again, from whatever process, gives the same record.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context, open } = trial
      const { id } = await uploaded(trial)
      const first = await storage.uploads.complete(id, context)
      expectSame(await storage.uploads.complete(id, context), first, 'the second time')
      const other = await open()
      expectSame(await other.storage.uploads.complete(id, context), first, 'by another instance')
    },
  },
  {
    id: 'completion/empty-file',
    promise: 'A file of zero bytes is completed like any other.',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await created(trial, { size: 0 })
      await expectCode(trial.storage.uploads.complete(attachment.id, trial.context), 'object_missing', 'before it came')
      expectAccepted(await trial.upload(attachment, bytesOf('')))
      const { status, fileSize } = await trial.storage.uploads.complete(attachment.id, trial.context)
      expectSame([status, fileSize], ['complete', 0], 'status and size')
    },
  },
  {
    id: 'completion/by-the-first-load',
    promise:
      'No client has to complete: loadAttachment verifies the bytes the first time, whoever of the tenant loads it.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, colleague } = trial
      const { id, name, mime_type } = await uploaded(trial)
      const loaded = await storage.store.loadAttachment(id, colleague)
      assert.deepEqual(loaded, { type: 'file', id, name, mime_type }, 'the attachment')
      await expectStatus(trial, id, 'complete')
    },
  },
  {
    id: 'completion/known-afterwards',
    promise: 'Once verified, an attachment is known from its record: loading it asks the attachment store nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { store, attachments, context } = trial
      const { id } = await completed(trial)
      assert.ok(hasObjects<unknown>(attachments), 'an attachment store of a storage has objects')
      const away = { head: unreachable, read: unreachable }
      const without = replacing(attachments, { objects: replacing(attachments.objects, away) })
      const storage = trial.createStorage({ store, attachments: without, actor: ({ user }) => user })
      assert.equal((await storage.store.loadAttachment(id, context)).id, id, 'the attachment')
      assert.equal((await storage.uploads.complete(id, context)).status, 'complete', 'the status')
    },
  },
  {
    id: 'completion/outage',
    promise: 'When the attachment store cannot answer, complete says so and changes nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { store, attachments, context } = trial
      const { id } = await uploaded(trial)
      assert.ok(hasObjects<unknown>(attachments), 'an attachment store of a storage has objects')
      const without = replacing(attachments, { objects: replacing(attachments.objects, { head: unreachable }) })
      const storage = trial.createStorage({ store, attachments: without, actor: ({ user }) => user })
      await expectCode(storage.uploads.complete(id, context), 'unavailable', 'complete during an outage')
      await expectCode(storage.store.loadAttachment(id, context), 'unavailable', 'loadAttachment during an outage')
      await expectStatus(trial, id, 'uploading')
      assert.ok(await hasBytes(trial, id), 'the bytes are gone')
      assert.equal((await trial.storage.uploads.complete(id, context)).status, 'complete', 'the status afterwards')
    },
  },
  {
    id: 'completion/immutable',
    promise: 'After completion nobody changes the bytes, not even through the URL they came by.',
    needs: 'createOnly',
    gap: 'createAttachment',
    async run(trial) {
      const attachment = await completed(trial)
      const before = await trial.storage.uploads.load(attachment.id, trial.context)
      expectRefused(await trial.upload(attachment, bytesOf('HELLO')), 'a second upload of the same size')
      await expectStored({ store: trial.attachments, context: trial.context }, attachment.id, hello)
      expectSame(await trial.storage.uploads.complete(attachment.id, trial.context), before, 'the record')
    },
  },
]

async function unreachable(): Promise<never> {
  throw new StorageError('unavailable', 'the attachment store is away')
}
