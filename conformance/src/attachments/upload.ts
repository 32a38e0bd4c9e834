import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, patternOf, sha256Of } from './bytes.ts'
import { createUpload, expectAccepted, expectNothingStored, expectStored, send, type Upload } from './http.ts'

export const uploadCases: readonly AttachmentCase[] = [
  {
    id: 'upload/as-described',
    promise: 'The request of the upload_descriptor stores the bytes with their type, to be read from every instance.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, patternOf(10_000), 'text/markdown')
      expectAccepted(await send(upload))
      await expectStored(trial, upload.id, upload.bytes)
      const other = await trial.open()
      await expectStored({ store: other, context: trial.context }, upload.id, upload.bytes)
      const info = await other.headAttachment(upload.id, trial.context)
      expectSame([info?.size, info?.type], [10_000, 'text/markdown'], 'size and type')
    },
  },
  {
    id: 'upload/with-checksum',
    promise: 'An upload that was created with a sha256 takes the bytes it belongs to.',
    gap: 'createAttachment',
    async run(trial) {
      const bytes = patternOf(70_001)
      const upload = await createUpload(trial, bytes, 'application/zip', { sha256: sha256Of(bytes) })
      expectAccepted(await send(upload))
      await expectStored(trial, upload.id, bytes)
      const info = await trial.store.headAttachment(upload.id, trial.context)
      if (info?.sha256 !== undefined) assert.equal(info.sha256, sha256Of(bytes), 'the sha256 the backend knows')
    },
  },
  {
    id: 'upload/empty',
    promise: 'A file of zero bytes is uploaded and read like any other.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, new Uint8Array(0), 'text/plain')
      expectAccepted(await send(upload))
      await expectStored(trial, upload.id, upload.bytes)
      expectSame((await trial.store.headAttachment(upload.id, trial.context))?.size, 0, 'its size')
    },
  },
  {
    id: 'upload/megabytes',
    promise: 'A file of seven megabytes arrives whole.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, patternOf(7 * 2 ** 20 + 3), 'video/mp4')
      expectAccepted(await send(upload))
      await expectStored(trial, upload.id, upload.bytes)
    },
  },
  {
    id: 'upload/side-by-side',
    promise: 'Uploads side by side do not mix.',
    level: 'concurrent',
    gap: 'createAttachment',
    async run(trial) {
      const texts = Array.from({ length: 12 }, (_, index) => `file ${index} `.repeat(index * 500 + 1))
      const uploads = await Promise.all(texts.map((text) => createUpload(trial, bytesOf(text), 'text/plain')))
      for (const answer of await Promise.all(uploads.map((upload) => send(upload)))) expectAccepted(answer)
      for (const upload of uploads) await expectStored(trial, upload.id, upload.bytes)
    },
  },
  {
    id: 'upload/broken-off',
    promise: 'An upload that breaks off stores nothing, and may be sent again.',
    needs: 'uploads',
    gap: 'broken-off-upload',
    async run(trial) {
      const upload = await createUpload(trial, patternOf(300_000))
      await sendHalf(upload)
      await expectNothingStored(trial, upload.id)
      expectAccepted(await send(upload), 'the upload, sent again,')
      await expectStored(trial, upload.id, upload.bytes)
    },
    async opposite(trial) {
      const upload = await createUpload(trial, patternOf(300_000))
      await sendHalf(upload)
      const { size = 0 } = (await trial.store.headAttachment(upload.id, trial.context)) ?? {}
      assert.ok(size > 0 && size < 300_000, `the size tells a part from the whole, but was ${size}`)
      await trial.store.deleteAttachment(upload.id, trial.context)
      expectAccepted(await send(upload), 'the upload, sent again after the part was deleted,')
      await expectStored(trial, upload.id, upload.bytes)
    },
  },
  {
    id: 'upload/outlives-its-instance',
    promise: 'URLs are good when the instance that gave them is closed: another process answers what comes of them.',
    gap: 'createAttachment',
    async run(trial) {
      const { context } = trial
      const other = await trial.open()
      const upload = await createUpload({ store: other, context }, bytesOf('plan'))
      await other.writeAttachment('a1', bytesOf('first'), context)
      const url = await other.attachmentUrl('a1', context)
      await other.close()
      expectAccepted(await send(upload))
      await expectStored(trial, upload.id, upload.bytes)
      assert.equal(await (await fetch(url)).text(), 'first', 'what the URL of a download gives')
    },
  },
  {
    id: 'upload/used-by-strangers',
    promise: 'An upload goes to the tenant it was created for, whoever sends it.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, bytesOf('mine'))
      expectAccepted(await send(upload))
      const stranger = trial.stranger()
      assert.equal(await trial.store.headAttachment(upload.id, stranger), undefined, 'another tenant sees it')
    },
  },
]

/** Sends half of the bytes and the end of the connection; waits until the server has ended it too. */
async function sendHalf({ descriptor, bytes }: Upload): Promise<void> {
  const { url, method, headers } = descriptor
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const half = open(url, { method, headers: { ...headers, 'content-length': bytes.byteLength }, agent: false })
  const ended = new Promise((resolve) => half.once('close', resolve))
  half.on('error', () => {}) // the server may say what it thinks of half an upload, or just hang up
  half.on('response', (response) => response.resume())
  await new Promise((resolve) => half.write(bytes.subarray(0, bytes.byteLength / 2), resolve))
  half.socket?.end()
  await ended
}
