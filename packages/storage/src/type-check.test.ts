import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type'
import { describe, expect, it } from 'vitest'
import { ann, code, message, newMemory, openStorage, thread } from '../test/open-storage.ts'
import type { StorageOptions } from './index.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const samples = {
  png,
  zip: Buffer.from('504b03041400000000000000', 'hex'),
  xml: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
  wav: Buffer.from('RIFF\0\0\0\0WAVEfmt '),
  webm: Buffer.from('1a45dfa3934282847765626d', 'hex'),
  pdf: Buffer.from('%PDF-1.7\n%'),
  exe: Buffer.from(`MZ${'\0'.repeat(100)}`),
  text: Buffer.from('hello'),
}

/** As the README says. */
const detectType: StorageOptions<unknown>['detectType'] = async (firstBytes, announced) => {
  const found = await fileTypeFromBuffer(firstBytes)
  if (found) return found.mime
  return (supportedMimeTypes as ReadonlySet<string>).has(announced) ? 'application/octet-stream' : undefined
}

type Opened = ReturnType<typeof openStorage>

async function uploadAs({ create, put }: Opened, sample: keyof typeof samples, mime_type: string) {
  const attachment = await create({ name: 'file', size: samples[sample].byteLength, mime_type })
  expect((await put(attachment, samples[sample])).status).toBe(201)
  return attachment
}

describe('bytes that look like another type than was announced', () => {
  it.each([
    ['png', 'image/png'],
    ['png', 'image/x-png'],
    ['png', ''],
    ['zip', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['zip', 'application/x-zip-compressed'],
    ['xml', 'image/svg+xml'],
    ['xml', 'text/xml'],
    ['wav', 'audio/x-wav'],
    ['webm', 'audio/webm'],
    ['text', 'text/csv'],
  ] as const)('are taken for what they are: %s as %s', async (sample, type) => {
    const opened = openStorage({ detectType })
    const { id } = await uploadAs(opened, sample, type)
    expect(await opened.storage.uploads.complete(id, ann)).toMatchObject({ status: 'complete' })
  })

  it.each([
    ['pdf', 'image/png'],
    ['exe', 'image/png'],
    ['text', 'image/png'],
    ['png', 'image/jpeg'],
    ['zip', 'application/pdf'],
    ['exe', 'application/zip'],
    ['wav', 'image/png'],
    ['xml', 'text/plain'],
  ] as const)('are refused by default, and removed: %s as %s', async (sample, type) => {
    const opened = openStorage({ detectType })
    const { storage, files } = opened
    const { id } = await uploadAs(opened, sample, type)
    await expect(storage.uploads.complete(id, ann)).rejects.toEqual(code('unsupported_type'))
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'failed' })
    expect((await storage.uploads.load(id, ann)).reason).toMatch(`not like the ${type} announced`)
    expect(await files.headAttachment(id, ann)).toBeUndefined()
  })

  it('are refused whoever looks first: a load, or a message', async () => {
    const opened = openStorage({ detectType })
    const { storage } = opened
    const first = await uploadAs(opened, 'pdf', 'image/png')
    await expect(storage.store.loadAttachment(first.id, ann)).rejects.toEqual(code('unsupported_type'))
    const second = await uploadAs(opened, 'pdf', 'image/png')
    await storage.store.saveThread(thread('t1'), ann)
    const add = storage.store.addThreadItem('t1', message('m1', [second]), ann)
    await expect(add).rejects.toEqual(code('unsupported_type'))
  })

  it('get the type they look like with correct, in the record, in messages and in what is served', async () => {
    const opened = openStorage({ detectType, onTypeMismatch: 'correct' })
    const { storage, memory, files } = opened
    const attachment = await uploadAs(opened, 'png', 'text/plain')
    const record = await storage.uploads.complete(attachment.id, ann)
    expect(record).toMatchObject({ mimeType: 'image/png', detectedType: 'image/png', status: 'complete' })
    const loaded = await storage.store.loadAttachment(attachment.id, ann)
    expect(loaded).toMatchObject({ type: 'image', mime_type: 'image/png' })
    const preview = loaded.type === 'image' ? loaded.preview_url : ''
    expect((await files.handler(new Request(preview))).headers.get('content-type')).toBe('image/png')
    await storage.store.saveThread(thread('t1'), ann)
    await storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
    expect(await memory.loadItem('t1', 'm1', ann)).toMatchObject({
      attachments: [{ type: 'image', mime_type: 'image/png' }],
    })
  })

  it('are not corrected to a type that is not allowed', async () => {
    const options = { detectType, onTypeMismatch: 'correct' } as const
    const opened = openStorage(options, newMemory(), { allowedTypes: ['image/*'] })
    const { id } = await uploadAs(opened, 'pdf', 'image/png')
    await expect(opened.storage.uploads.complete(id, ann)).rejects.toEqual(code('unsupported_type'))
    expect(await opened.storage.uploads.load(id, ann)).toMatchObject({ status: 'failed', mimeType: 'image/png' })
  })

  it('stay as announced with trust, and the record says what they look like', async () => {
    const opened = openStorage({ detectType, onTypeMismatch: 'trust' })
    const { id } = await uploadAs(opened, 'pdf', 'image/png')
    const record = await opened.storage.uploads.complete(id, ann)
    expect(record).toMatchObject({ mimeType: 'image/png', detectedType: 'application/pdf', status: 'complete' })
  })
})

describe('the option detectType', () => {
  it('sees no more than the first bytes, and what was announced', async () => {
    const seen: unknown[] = []
    const detect = (bytes: Uint8Array, announced: string) => {
      seen.push(bytes.byteLength, announced)
      return undefined
    }
    const opened = openStorage({ detectType: detect })
    for (const size of [10_000, 3, 0]) {
      const attachment = await opened.create({ size })
      await opened.put(attachment, 'x'.repeat(size))
      await opened.storage.uploads.complete(attachment.id, ann)
    }
    expect(seen).toEqual([4_100, 'text/plain', 3, 'text/plain'])
  })

  it('that throws changes nothing: the upload can be completed later', async () => {
    let broken = true
    const detect = () => {
      if (broken) throw new Error('no magic today')
      return undefined
    }
    const { storage, upload } = openStorage({ detectType: detect })
    const { id } = await upload()
    await expect(storage.uploads.complete(id, ann)).rejects.toEqual(code('internal'))
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'uploading' })
    broken = false
    expect(await storage.uploads.complete(id, ann)).toMatchObject({ status: 'complete' })
  })

  it.each([
    ['a detectType that is no function', { detectType: 'magic' as never }],
    ['an unknown policy', { onTypeMismatch: 'ignore' as never }],
  ])('is checked: %s', (_, options) => {
    expect(() => openStorage(options)).toThrow(code('configuration') as Error)
  })
})
