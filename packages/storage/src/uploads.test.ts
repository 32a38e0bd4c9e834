import { describe, expect, it } from 'vitest'
import { ann, ben, code, eve, openStorage } from '../test/open-storage.ts'

const named = (name: string, value: string) => expect.objectContaining({ name, code: value })

describe('an upload', () => {
  it('is uploading until its bytes are there, then complete', async () => {
    const { storage, create, put } = openStorage()
    const attachment = await create()
    await expect(storage.uploads.complete(attachment.id, ann)).rejects.toEqual(code('object_missing'))
    expect(await storage.uploads.load(attachment.id, ann)).toMatchObject({ status: 'uploading', reason: null })
    expect((await put(attachment, 'hello')).status).toBe(201)
    const record = await storage.uploads.complete(attachment.id, ann)
    expect(record).toMatchObject({ fileName: 'hello.txt', fileSize: 5, mimeType: 'text/plain', status: 'complete' })
    expect(record).toMatchObject({ id: attachment.id, uploadedBy: 'ann', reason: null })
    expect(await storage.uploads.complete(attachment.id, ann)).toEqual(record)
  })

  it('is completed and failed by its uploader only', async () => {
    const { storage, create } = openStorage()
    const { id } = await create()
    await expect(storage.uploads.complete(id, ben)).rejects.toEqual(named('UnauthorizedError', 'unauthorized'))
    await expect(storage.uploads.fail(id, {}, ben)).rejects.toEqual(code('unauthorized'))
    await expect(storage.uploads.complete(id, eve)).rejects.toEqual(named('AttachmentNotFoundError', 'not_found'))
    await expect(storage.uploads.complete('atc_none', ann)).rejects.toEqual(code('not_found'))
  })

  it('that failed keeps a clean reason, loses its bytes and stays failed', async () => {
    const { storage, files, upload } = openStorage()
    const { id } = await upload()
    await storage.uploads.fail(id, { reason: `Network\u0000 error\n${'x'.repeat(600)}` }, ann)
    const record = await storage.uploads.load(id, ann)
    expect(record.status).toBe('failed')
    expect(record.reason).toMatch(/^Network error x+$/)
    expect(record.reason).toHaveLength(500)
    expect(await files.headAttachment(id, ann)).toBeUndefined()
    await storage.uploads.fail(id, { reason: 'again' }, ann)
    expect((await storage.uploads.load(id, ann)).reason).toBe(record.reason)
    await expect(storage.uploads.complete(id, ann)).rejects.toEqual(code('conflict'))
  })

  it('that is complete cannot fail any more', async () => {
    const { storage, upload } = openStorage()
    const { id } = await upload()
    await storage.uploads.complete(id, ann)
    await expect(storage.uploads.fail(id, {}, ann)).rejects.toEqual(code('conflict'))
    expect((await storage.uploads.load(id, ann)).status).toBe('complete')
  })

  it.each([
    ['size', { size: 4 }, 'checksum_mismatch'],
    ['type', { mime_type: 'image/png' }, 'unsupported_type'],
  ])('with another %s than announced fails, and its bytes are removed', async (_, claim, fault) => {
    const { storage, files, create } = openStorage()
    const { id } = await create(claim)
    await files.writeAttachment(id, Buffer.from('hello'), ann, { type: 'text/plain' })
    await expect(storage.uploads.complete(id, ann)).rejects.toEqual(code(fault))
    expect((await storage.uploads.load(id, ann)).status).toBe('failed')
    expect(await files.headAttachment(id, ann)).toBeUndefined()
  })
})

describe('deleting', () => {
  it('hides the attachment at once and gives the transaction id back', async () => {
    const { storage, upload } = openStorage()
    const { id } = await upload()
    expect(await storage.uploads.delete(id, { transactionId: 't1' }, ann)).toEqual({ transactionId: 't1' })
    await expect(storage.uploads.load(id, ann)).rejects.toEqual(code('not_found'))
    await expect(storage.store.loadAttachment(id, ann)).rejects.toEqual(code('not_found'))
    await expect(storage.uploads.delete(id, {}, ann)).rejects.toEqual(code('not_found'))
    await storage.attachments.deleteAttachment(id, ann)
    await storage.store.deleteAttachment(id, ann)
  })

  it('is the uploader’s right, or whose the option canDelete says', async () => {
    const { storage, upload } = openStorage()
    const { id } = await upload()
    await expect(storage.uploads.delete(id, {}, ben)).rejects.toEqual(code('unauthorized'))
    const open = openStorage({ canDelete: async ({ uploadedBy }, { user }) => uploadedBy === user || user === 'ben' })
    const other = await open.upload()
    expect(await open.storage.uploads.delete(other.id, {}, ben)).toHaveProperty('transactionId')
  })

  it('of what the server wrote is asked of canDelete too, before anybody has loaded it', async () => {
    const { storage, files } = openStorage({ canDelete: () => false })
    await files.writeAttachment('report', Buffer.from('report'), ann, { type: 'application/pdf' })
    const record = { id: 'report', type: 'file', name: 'report.pdf', mime_type: 'application/pdf' } as const
    await storage.store.saveAttachment(record, ann)
    await expect(storage.uploads.delete('report', {}, ann)).rejects.toEqual(code('unauthorized'))
  })
})
