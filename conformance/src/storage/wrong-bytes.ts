import assert from 'node:assert/strict'
import type { AttachmentCreateParams } from '@threadkeep/core'
import { bytesOf, sha256Of } from '../attachments/bytes.ts'
import { descriptorOf, expectAccepted, send } from '../attachments/http.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { created, expectStatus, hasBytes, hello, messageWith } from './prepared.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'

/** Bytes that are not those that were announced; what the backend would refuse comes in from the server's side. */
export const wrongBytesCases: readonly StorageCase[] = [
  {
    id: 'bytes/size',
    promise: 'Bytes of another size fail the upload with checksum_mismatch and a reason, and are removed.',
    gap: 'createAttachment',
    async run(trial) {
      for (const size of [0, 4, 6]) {
        const id = await withBytes(trial, { size }, 'text/plain')
        await expectCode(
          trial.storage.uploads.complete(id, trial.context),
          'checksum_mismatch',
          `${size} were announced`,
        )
        await expectFailed(trial, id)
      }
    },
  },
  {
    id: 'bytes/type',
    promise: 'Bytes of another type fail the upload with unsupported_type and a reason, and are removed.',
    gap: 'createAttachment',
    async run(trial) {
      const id = await withBytes(trial, { mime_type: 'application/pdf' }, 'text/html')
      await expectCode(trial.storage.uploads.complete(id, trial.context), 'unsupported_type', 'complete')
      await expectFailed(trial, id)
    },
  },
  {
    id: 'bytes/checksum',
    promise:
      'Other bytes than the sha256 announced are refused by the backend, or fail the upload with checksum_mismatch.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context, upload } = trial
      const attachment = await created(trial, { sha256: sha256Of(hello) })
      if ((await upload(attachment, bytesOf('olleh'))).ok) {
        await expectCode(storage.uploads.complete(attachment.id, context), 'checksum_mismatch', 'complete')
        return expectFailed(trial, attachment.id)
      }
      await expectCode(storage.uploads.complete(attachment.id, context), 'object_missing', 'complete')
      expectAccepted(await upload(attachment, hello))
      assert.equal((await storage.uploads.complete(attachment.id, context)).status, 'complete', 'the status')
    },
  },
  {
    id: 'bytes/over-http',
    promise: 'Whatever a client sends that differs from its announcement never becomes usable.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      for (const [bytes, type] of [
        [bytesOf('hell'), 'text/plain'],
        [bytesOf('hello!'), 'text/plain'],
        [bytesOf(''), 'text/plain'],
        [hello, 'text/html'],
      ] as const) {
        const attachment = await created(trial)
        const { id } = attachment
        const { headers, ...descriptor } = descriptorOf(attachment)
        const others = Object.entries(headers).filter(([name]) => !/content-type$/i.test(name))
        const changed = { ...descriptor, headers: Object.fromEntries([...others, ['content-type', type]]) }
        const put = descriptor.method === 'PUT' ? changed : { ...descriptor, headers }
        const { ok } = await send({ id, descriptor: put, bytes, type })
        const what = `${bytes.byteLength} bytes of ${type}`
        const codes = ok ? ['checksum_mismatch', 'unsupported_type'] : 'object_missing'
        await expectCode(storage.store.loadAttachment(id, context), codes, what)
        await expectStatus(trial, id, ok ? 'failed' : 'uploading')
        assert.equal(await hasBytes(trial, id), false, `${what} are still there`)
      }
    },
  },
  {
    id: 'bytes/seen-when-loaded',
    promise: 'Wrong bytes are found out whoever looks first: loadAttachment fails the upload as complete does.',
    gap: 'createAttachment',
    async run(trial) {
      const id = await withBytes(trial, { size: 4 }, 'text/plain')
      await expectCode(trial.storage.store.loadAttachment(id, trial.colleague), 'checksum_mismatch', 'loadAttachment')
      await expectFailed(trial, id)
    },
  },
  {
    id: 'bytes/seen-in-a-message',
    promise: 'A message with wrong bytes is refused and not saved, and their upload fails.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const id = await withBytes(trial, { mime_type: 'image/png' }, 'text/html')
      await storage.store.saveThread(thread('t1'), context)
      const attachment = { id, type: 'image', name: 'x.png', mime_type: 'image/png', preview_url: '' } as const
      const add = storage.store.addThreadItem('t1', messageWith('t1', 'm1', [attachment]), context)
      await expectCode(add, 'unsupported_type', 'addThreadItem')
      await expectCode(storage.store.loadItem('t1', 'm1', context), 'not_found', 'the message')
      await expectFailed(trial, id)
    },
  },
]

/** An attachment with `hello` written from the server's side, past whatever the URL enforces. */
async function withBytes(trial: StorageTrial, claims: Partial<AttachmentCreateParams>, type: string): Promise<string> {
  const { id } = await created(trial, claims)
  await trial.attachments.writeAttachment(id, hello, trial.context, { type })
  return id
}

/** It failed with a reason, for good, and its bytes are gone. */
async function expectFailed(trial: StorageTrial, id: string): Promise<void> {
  const { storage, context } = trial
  const record = await storage.uploads.load(id, context)
  assert.equal(record.status, 'failed', 'the status')
  assert.ok(record.reason, 'a failed upload has a reason')
  assert.equal(await hasBytes(trial, id), false, 'the wrong bytes are still there')
  await expectCode(storage.uploads.complete(id, context), 'conflict', 'complete again')
  await expectCode(storage.store.loadAttachment(id, context), 'conflict', 'loadAttachment again')
  expectSame(await storage.uploads.load(id, context), record, 'the record')
}
