import { StorageError } from '@threadkeep/core'
import { describe, expect, it } from 'vitest'
import { ann, code, eve, inHours, newMemory, openStorage } from '../test/open-storage.ts'
import type { ContentInit } from './index.ts'

const bytes = Buffer.from('hello')
const base64 = 'aGVsbG8='
const file: ContentInit = { filename: 'Bericht "1".pdf', content: bytes, mimeType: 'application/pdf' }

describe('a content', () => {
  it('is pending until it is stored, and then an attachment with a URL', async () => {
    const { storage, files } = openStorage()
    const content = storage.content({ ...file, processedContent: { type: 'document', text: 'hello' } }, ann)
    expect(content).toMatchObject({ status: 'pending', fileId: undefined })
    await content.ensureStored()
    const { fileId = '' } = content
    expect(content).toMatchObject({ status: 'stored', storagePath: fileId, storageBackend: 'memory' })
    expect(content.processedContent).toEqual({ type: 'document', text: 'hello', url: `/files/${fileId}` })
    expect(content.filename).toBe('Bericht "1".pdf')
    expect(await files.headAttachment(fileId, ann)).toMatchObject({ size: 5, type: 'application/pdf' })
    const record = { fileName: 'Bericht "1".pdf', fileSize: 5, mimeType: 'application/pdf', uploadedBy: 'ann' }
    expect(await storage.uploads.load(fileId, ann)).toMatchObject({ ...record, status: 'complete' })
    expect(await storage.store.loadAttachment(fileId, ann)).toMatchObject({ name: 'Bericht "1".pdf', type: 'file' })
    expect(Buffer.from(await content.getContentBytes())).toEqual(bytes)
  })

  it('is stored once, however often and at once it is asked for', async () => {
    const completed: string[] = []
    const { storage } = openStorage({ onComplete: ({ id }) => void completed.push(id) })
    const content = storage.content(file, ann)
    await Promise.all([content.ensureStored(), content.ensureStored(), content.ensureStored()])
    await content.ensureStored()
    expect(completed).toEqual([content.fileId])
  })

  it('is stored again under a new id by force, and the old file goes', async () => {
    const { storage, files } = openStorage()
    const content = storage.content(file, ann)
    await content.ensureStored()
    const { fileId: before = '' } = content
    content.content = Buffer.from('changed')
    await content.ensureStored({ force: true })
    expect(content.fileId).not.toBe(before)
    expect(content.processedContent).toEqual({ url: `/files/${content.fileId}` })
    expect(Buffer.from(await content.getContentBytes()).toString()).toBe('changed')
    expect(await files.headAttachment(before, ann)).toBeUndefined()
  })

  it.each([
    ['bytes', new Uint8Array(bytes)],
    ['base64', base64],
    ['a data URL', `data:application/pdf;base64,${base64}`],
    ['a data URL with parameters', `data:text/plain;charset=utf-8;base64,${base64}`],
    ['a data URL in plain text', 'data:text/plain,h%65llo'],
    ['no bytes at all', '', ''],
  ])('is given as %s', async (_, content, text = 'hello') => {
    const { storage } = openStorage()
    const one = storage.content({ filename: 'x', content }, ann)
    expect(Buffer.from(await one.getContentBytes()).toString()).toBe(text)
    await one.ensureStored()
    expect(Buffer.from(await one.getContentBytes()).toString()).toBe(text)
  })

  it.each(['hello!', 'aGVsbG8', ' aGVsbG8=', 'aGVs\nbG8=', 'aGVsbG9=', 'a', 'data:;base64,aGVsbG8', 'aGVs_-8='])(
    'that is no strict base64 is refused: %j',
    async (content) => {
      const one = openStorage().storage.content({ filename: 'x', content }, ann)
      await expect(one.getContentBytes()).rejects.toEqual(code('invalid_argument'))
      await expect(one.ensureStored()).rejects.toEqual(code('invalid_argument'))
      expect(one.status).toBe('failed')
    },
  )

  it('takes its type from the option, a data URL, or none', async () => {
    const { storage } = openStorage()
    const png = { filename: 'x', content: `data:Image/PNG;base64,${base64}` }
    const stored = async (init: ContentInit) => {
      const content = storage.content(init, ann)
      await content.ensureStored()
      return [content.mimeType, content.toAttachment().type]
    }
    expect(await stored(png)).toEqual(['image/png', 'image'])
    expect(await stored({ ...png, mimeType: 'Text/Plain; charset=utf-8' })).toEqual(['text/plain', 'file'])
    expect(await stored({ filename: 'x', content: base64 })).toEqual(['application/octet-stream', 'file'])
  })

  it('without anything to store fails, in words', async () => {
    const content = openStorage().storage.content({ filename: 'empty.pdf' }, ann)
    await expect(content.getContentBytes()).rejects.toEqual(code('object_missing'))
    await expect(content.ensureStored()).rejects.toThrow(/empty\.pdf has neither bytes nor a stored file/)
    expect(content.status).toBe('failed')
    expect(() => content.toAttachment()).toThrow(code('object_missing') as Error)
  })

  it('keeps its bytes when storing fails, and can be stored later; nothing is left of the failure', async () => {
    const shared = newMemory()
    const { storage, files } = openStorage({}, shared)
    const { write } = shared.blobs
    shared.blobs.write = async () => {
      throw new StorageError('unavailable', 'the bucket is away')
    }
    const content = storage.content(file, ann)
    await expect(content.ensureStored()).rejects.toEqual(code('unavailable'))
    expect(content).toMatchObject({ status: 'failed', fileId: undefined, content: bytes })
    shared.blobs.write = write
    await content.ensureStored()
    expect(content.status).toBe('stored')
    await storage.uploads.sweep(inHours(25))
    await storage.uploads.sweep(inHours(50))
    expect(await files.headAttachment(content.fileId ?? '', ann)).toMatchObject({ size: 5 })
    expect(await shared.rows.listAttachments('acme', { after: null, limit: 9, order: 'asc' })).toHaveLength(1)
  })

  it.each([
    ['too large', { ...file, content: Buffer.alloc(101) }, 'too_large'],
    ['of a type that is not allowed', { ...file, mimeType: 'text/html' }, 'unsupported_type'],
    ['of a type that is none', { ...file, mimeType: 'pdf' }, 'invalid_argument'],
    ['without a name', { ...file, filename: '' }, 'invalid_argument'],
  ])('%s is refused and leaves no bytes', async (_, init, expected) => {
    const shared = newMemory()
    const limits = { maxBytes: 100, allowedTypes: ['application/*'] }
    const content = openStorage({}, shared, limits).storage.content(init, ann)
    await expect(content.ensureStored()).rejects.toEqual(code(expected))
    expect(content.status).toBe('failed')
    expect(await shared.blobs.list('acme/', { after: null, limit: 9 })).toEqual([])
  })

  it('is checked against its type as uploads are', async () => {
    const reject = openStorage({ detectType: () => 'image/png' }).storage.content(file, ann)
    await expect(reject.ensureStored()).rejects.toEqual(code('unsupported_type'))
    const options = { detectType: () => 'image/png', onTypeMismatch: 'correct' } as const
    const correct = openStorage(options).storage.content(file, ann)
    await correct.ensureStored()
    expect([correct.mimeType, correct.toAttachment().type]).toEqual(['image/png', 'image'])
  })

  it('that could not be stored again by force is tried again by the next call', async () => {
    const shared = newMemory()
    const { storage } = openStorage({}, shared)
    const content = storage.content(file, ann)
    await content.ensureStored()
    const { fileId } = content
    const { write } = shared.blobs
    shared.blobs.write = async () => {
      throw new StorageError('unavailable', 'the bucket is away')
    }
    await expect(content.ensureStored({ force: true })).rejects.toEqual(code('unavailable'))
    expect(content).toMatchObject({ status: 'failed', fileId })
    shared.blobs.write = write
    await content.ensureStored()
    expect(content.status).toBe('stored')
    expect(content.fileId).not.toBe(fileId)
  })

  it('that is known by its id is read from the backend, by its tenant alone', async () => {
    const { storage } = openStorage()
    const content = storage.content(file, ann)
    await content.ensureStored()
    const { content: dropped, ...known } = { ...file, fileId: content.fileId ?? '', status: 'stored' as const }
    expect(Buffer.from(await storage.content(known, ann).getContentBytes())).toEqual(bytes)
    await expect(storage.content(known, eve).getContentBytes()).rejects.toEqual(code('object_missing'))
    await storage.uploads.delete(known.fileId, {}, ann)
    await expect(storage.content(known, ann).getContentBytes()).rejects.toEqual(code('not_found'))
  })

  it('as JSON has the bytes as long as they are not stored', async () => {
    const { storage } = openStorage({ filesUrl: '/api/files' })
    const content = storage.content({ ...file, processedContent: { type: 'document' } }, ann)
    const { filename } = file
    const nowhere = { file_id: null, storage_path: null, storage_backend: null }
    const pending = { filename, mime_type: 'application/pdf', processed_content: { type: 'document' }, ...nowhere }
    expect(JSON.parse(JSON.stringify(content))).toEqual({ ...pending, status: 'pending', content: base64 })
    await content.ensureStored()
    const { fileId } = content
    expect(JSON.parse(JSON.stringify(content))).toEqual({
      filename,
      mime_type: 'application/pdf',
      processed_content: { type: 'document', url: `/api/files/${fileId}` },
      file_id: fileId,
      storage_path: fileId,
      storage_backend: 'memory',
      status: 'stored',
      content: null,
    })
  })

  it('notes the URL of a storage path that it was given', () => {
    const init = {
      filename: 'data.json',
      fileId: 'file_123',
      storagePath: 'data/file_123.json',
      storageBackend: 'local',
    }
    const content = openStorage().storage.content(init, ann)
    content.updateProcessedContentWithUrl()
    expect(content).toMatchObject({ status: 'stored', processedContent: { url: '/files/data/file_123.json' } })
  })
})
