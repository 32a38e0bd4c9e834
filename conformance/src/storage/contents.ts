import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import type { Content, ContentInit } from '@threadkeep/storage'
import { bytesOf } from '../attachments/bytes.ts'
import { expectStored } from '../attachments/http.ts'
import { expectCode, expectSame } from '../expect-code.ts'
import { ownStorage } from './own-storage.ts'
import { expectStatus, hasBytes, hello } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase } from './storage-case.ts'

const base64 = 'aGVsbG8='
const report: ContentInit = { filename: 'Bericht "1" — plän.pdf', content: hello, mimeType: 'application/pdf' }

/** Files of the server's own, each by itself. */
export const contentCases: readonly StorageCase[] = [
  {
    id: 'contents/stored-once',
    promise: 'A pending content is stored once, however often and at once it is asked for, and is an attachment then.',
    async run(trial) {
      const content = trial.storage.content({ ...report, processedContent: { text: 'hello' } }, trial.context)
      expectSame([content.status, content.fileId], ['pending', undefined], 'status and file of a new content')
      await Promise.all([content.ensureStored(), content.ensureStored()])
      const { fileId = '', storagePath = '' } = content
      expectSame([content.status, storagePath !== ''], ['stored', true], 'status and path')
      expectSame(content.processedContent, { text: 'hello', url: `/files/${storagePath}` }, 'the processed content')
      await content.ensureStored()
      assert.equal(content.fileId, fileId, 'the file after the next call')
      await expectStored({ store: trial.attachments, context: trial.context }, fileId, hello)
      const { fileSize, status, uploadedBy } = await trial.storage.uploads.load(fileId, trial.context)
      expectSame([fileSize, status, uploadedBy], [5, 'complete', 'ann'], 'size, status and uploader')
      assert.equal((await trial.storage.store.loadAttachment(fileId, trial.colleague)).id, fileId, 'the attachment')
    },
  },
  {
    id: 'contents/name-and-type',
    promise: 'The original file name and type come back from the content, the upload and the attachment.',
    async run({ storage, context }) {
      const content = storage.content(report, context)
      await content.ensureStored()
      const { filename, mimeType, fileId = '' } = content
      const { fileName, mimeType: ofRecord } = await storage.uploads.load(fileId, context)
      const { name, mime_type } = await storage.store.loadAttachment(fileId, context)
      expectSame([filename, fileName, name], Array(3).fill(report.filename), 'the names')
      expectSame([mimeType, ofRecord, mime_type], Array(3).fill('application/pdf'), 'the types')
    },
  },
  {
    id: 'contents/force',
    promise: 'force stores a content again, as it is now, under a new id; the file before goes.',
    async run(trial) {
      const content = trial.storage.content(report, trial.context)
      await content.ensureStored()
      const { fileId: before = '' } = content
      content.content = bytesOf('changed')
      await content.ensureStored({ force: true })
      assert.notEqual(content.fileId, before, 'the id is the same')
      await expectBytes(content, 'changed')
      assert.equal(await hasBytes(trial, before), false, 'the bytes before are still there')
      await expectCode(trial.storage.uploads.load(before, trial.context), 'not_found', 'the file before')
      await expectStatus(trial, content.fileId ?? '', 'complete')
    },
  },
  {
    id: 'contents/given-as',
    promise: 'Bytes, base64 and a data URL give the same bytes, before they are stored and from the backend.',
    async run({ storage, context }) {
      for (const content of [hello, base64, `data:text/plain;base64,${base64}`, 'data:,hell%6f']) {
        const one = storage.content({ filename: 'x.txt', content, mimeType: 'text/plain' }, context)
        await expectBytes(one, 'hello')
        await one.ensureStored()
        one.content = undefined
        await expectBytes(one, 'hello')
        const { fileId } = one
        await expectBytes(storage.content({ filename: 'x.txt', fileId }, context), 'hello')
      }
    },
  },
  {
    id: 'contents/not-base64',
    promise: 'Text that is not strict base64 is invalid_argument rather than bytes that nobody meant.',
    async run({ storage, context }) {
      for (const content of ['hello!', 'aGVsbG8', 'aGVs\nbG8=', 'aGVsbG9=', 'data:;base64,aGVsbG8']) {
        const one = storage.content({ filename: 'x.txt', content }, context)
        await expectCode(one.getContentBytes(), 'invalid_argument', `the bytes of ${JSON.stringify(content)}`)
        await expectCode(one.ensureStored(), 'invalid_argument', `storing ${JSON.stringify(content)}`)
        assert.equal(one.status, 'failed', 'the status')
      }
    },
  },
  {
    id: 'contents/nothing-to-store',
    promise:
      'A content with neither bytes nor a stored file is object_missing, and has failed once it is to be stored.',
    async run({ storage, context, stranger }) {
      const empty = storage.content({ filename: 'empty.pdf' }, context)
      await expectCode(empty.getContentBytes(), 'object_missing', 'its bytes')
      await expectCode(empty.ensureStored(), 'object_missing', 'storing it')
      assert.equal(empty.status, 'failed', 'the status')
      const content = storage.content(report, context)
      await content.ensureStored()
      const { fileId } = content
      const theirs = storage.content({ filename: 'x', fileId }, stranger())
      await expectCode(theirs.getContentBytes(), 'object_missing', 'the bytes of another tenant')
    },
  },
  {
    id: 'contents/outage',
    promise: 'A content that could not be stored has failed and keeps its bytes; the next call stores it.',
    async run(trial) {
      let away = true
      const { writeAttachment } = trial.attachments
      const attachments = replacing(trial.attachments, {
        writeAttachment: async (...args: Parameters<typeof writeAttachment>) => {
          if (away) throw new StorageError('unavailable', 'the attachment store is away')
          return writeAttachment.apply(trial.attachments, args)
        },
      })
      const content = ownStorage(trial, { attachments }).content(report, trial.context)
      await expectCode(content.ensureStored(), 'unavailable', 'ensureStored during an outage')
      expectSame([content.status, content.fileId], ['failed', undefined], 'status and file')
      await expectBytes(content, 'hello')
      away = false
      await content.ensureStored()
      assert.equal(content.status, 'stored', 'the status afterwards')
      await expectStored({ store: trial.attachments, context: trial.context }, content.fileId ?? '', hello)
    },
  },
]

async function expectBytes(content: Content, text: string): Promise<void> {
  assert.equal(Buffer.from(await content.getContentBytes()).toString(), text, 'the bytes')
}
