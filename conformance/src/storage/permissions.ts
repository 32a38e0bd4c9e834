import assert from 'node:assert/strict'
import { bytesOf } from '../attachments/bytes.ts'
import { expectCode } from '../expect-code.ts'
import { completed, created, expectStatus, hasBytes, uploaded } from './prepared.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'
import type { StorageContext } from './storage-target.ts'

export const permissionCases: readonly StorageCase[] = [
  {
    id: 'permissions/complete',
    promise: 'complete by another user of the tenant is an UnauthorizedError and changes nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { id } = await uploaded(trial)
      await expectNamed(trial.storage.uploads.complete(id, trial.colleague), 'UnauthorizedError', 'complete')
      await expectStatus(trial, id, 'uploading')
      await trial.storage.uploads.complete(id, trial.context)
      await expectNamed(trial.storage.uploads.complete(id, trial.colleague), 'UnauthorizedError', 'complete again')
    },
  },
  {
    id: 'permissions/fail',
    promise: 'fail by another user of the tenant is an UnauthorizedError and changes nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { id } = await uploaded(trial)
      await expectNamed(trial.storage.uploads.fail(id, { reason: 'x' }, trial.colleague), 'UnauthorizedError', 'fail')
      await expectStatus(trial, id, 'uploading')
      assert.ok(await hasBytes(trial, id), 'the bytes are gone')
    },
  },
  {
    id: 'permissions/delete',
    promise:
      'A deletion by another user of the tenant is an UnauthorizedError, however it is called, and changes nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, colleague } = trial
      const { id } = await completed(trial)
      await expectNamed(storage.uploads.delete(id, {}, colleague), 'UnauthorizedError', 'uploads.delete')
      await expectNamed(storage.attachments.deleteAttachment(id, colleague), 'UnauthorizedError', 'attachments')
      await expectNamed(storage.store.deleteAttachment(id, colleague), 'UnauthorizedError', 'store')
      await expectStatus(trial, id, 'complete')
    },
  },
  {
    id: 'permissions/can-delete',
    promise: 'The option canDelete decides from the record and the context who deletes, the uploader included.',
    gap: 'createAttachment',
    async run(trial) {
      const { context, colleague, open } = trial
      const seen: unknown[] = []
      const { storage } = await open({
        canDelete: (upload, { user }) => {
          seen.push([upload.id, upload.uploadedBy, upload.status, user])
          return user === colleague.user
        },
      })
      const { id } = await completed(trial)
      await expectNamed(storage.uploads.delete(id, {}, context), 'UnauthorizedError', 'delete by its uploader')
      await expectStatus(trial, id, 'complete')
      await storage.uploads.delete(id, {}, colleague)
      assert.deepEqual(
        seen,
        ['ann', 'ben'].map((user) => [id, 'ann', 'complete', user]),
        'what canDelete was asked',
      )
      await expectAllNotFound(trial, id, context)
    },
  },
  {
    id: 'permissions/missing',
    promise: 'What is asked of an attachment that is not there is an AttachmentNotFoundError, whoever asks.',
    async run(trial) {
      await expectAllNotFound(trial, trial.attachments.generateAttachmentId('text/plain', trial.context), trial.context)
      await expectAllNotFound(trial, 'none', trial.colleague)
    },
    async opposite(trial) {
      await expectAllNotFound(trial, 'none', trial.context)
    },
  },
  {
    id: 'permissions/strangers',
    promise:
      'An attachment of another tenant is not there, for a user of the same name too, and nothing happens to it.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, stranger } = trial
      for (const [prepare, status] of [
        [created, 'uploading'],
        [uploaded, 'uploading'],
        [completed, 'complete'],
      ] as const) {
        const { id } = await prepare(trial)
        for (const other of [stranger(), { ...trial.context, scope: trial.context.scope.toUpperCase() }]) {
          await expectAllNotFound(trial, id, other)
          await expectCode(storage.store.loadAttachment(id, other), 'not_found', 'loadAttachment')
          await storage.attachments.deleteAttachment(id, other)
          await storage.store.deleteAttachment(id, other)
        }
        await expectStatus(trial, id, status)
        assert.equal(await hasBytes(trial, id), prepare !== created, 'the bytes')
      }
    },
  },
  {
    id: 'permissions/same-id',
    promise: 'Two tenants may have attachments of one id, and what one does to its own leaves the other’s alone.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, attachments, context, stranger } = trial
      const { id } = await completed(trial)
      const other = { ...trial, context: stranger() }
      await attachments.writeAttachment(id, bytesOf('theirs'), other.context, { type: 'text/plain' })
      await storage.store.saveAttachment(
        { type: 'file', id, name: 'theirs.txt', mime_type: 'text/plain' },
        other.context,
      )
      assert.equal((await storage.store.loadAttachment(id, other.context)).name, 'theirs.txt', 'the name')
      await storage.uploads.delete(id, {}, other.context)
      await expectAllNotFound(trial, id, other.context)
      await expectStatus(trial, id, 'complete')
      assert.equal((await storage.store.loadAttachment(id, context)).name, 'plan.txt', 'the name')
    },
  },
]

async function expectAllNotFound({ storage }: StorageTrial, id: string, context: StorageContext): Promise<void> {
  const { uploads } = storage
  await expectNamed(uploads.load(id, context), 'AttachmentNotFoundError', 'load')
  await expectNamed(uploads.complete(id, context), 'AttachmentNotFoundError', 'complete')
  await expectNamed(uploads.fail(id, { reason: 'x' }, context), 'AttachmentNotFoundError', 'fail')
  await expectNamed(uploads.delete(id, { transactionId: 'x' }, context), 'AttachmentNotFoundError', 'delete')
}

const codes = { AttachmentNotFoundError: 'not_found', UnauthorizedError: 'unauthorized' }

/** The call rejects with the code of this kind of error, and with its name. */
async function expectNamed(call: Promise<unknown>, name: keyof typeof codes, what: string): Promise<void> {
  const named = call.catch((error: unknown) => {
    assert.equal(error instanceof Error ? error.name : error, name, `the name of the error of ${what}`)
    throw error
  })
  await expectCode(named, codes[name], what)
}
