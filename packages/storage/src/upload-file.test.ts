import { findChromium } from '@threadkeep/backends'
import type { Attachment, AttachmentCreateParams } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore } from '@threadkeep/core/memory'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ann } from '../test/open-storage.ts'
import { UploadPage } from '../test/upload-page.ts'
import type { UploadError, UploadFileOptions, UploadRecord } from './browser.ts'
import { attachmentsHandler } from './http.ts'
import { createStorage } from './index.ts'

const executablePath = await findChromium()
const scope = ({ tenant }: Actor) => tenant
const big = 4_000_000

interface Options extends Pick<UploadFileOptions, 'timeoutMs' | 'retries' | 'headers'> {
  complete?: string
  /** Aborts once so much has left; 0: before it begins. */
  abortAt?: number
  /** Completes with a function of its own that fails with this message. */
  own?: string
}

interface End {
  record?: UploadRecord
  error?: Pick<UploadError, 'name' | 'code' | 'status' | 'message'>
  progress: number[]
}

describe.skipIf(!executablePath)('uploadFile in Chromium', () => {
  let server: UploadPage
  let browser: Browser
  let page: Page
  let files: MemoryAttachmentStore<Actor>
  let storage: ReturnType<typeof createStorage<Actor>>

  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
    browser = await chromium.launch({ executablePath: executablePath ?? '', args })
  })

  afterAll(() => browser?.close())

  beforeEach(async () => {
    server = await UploadPage.start((url) => {
      files = new MemoryAttachmentStore({ scope, baseUrl: `${url}/upload` })
      const detectType = (bytes: Uint8Array) => (bytes[0] === 120 ? undefined : 'application/pdf')
      storage = createStorage({ store: new MemoryStore({ scope }), attachments: files, detectType })
      const context = (request: Request) => {
        if (request.headers.get('authorization') !== 'token') throw new Error('a stranger')
        return ann
      }
      return { files: files.handler, attachments: attachmentsHandler(storage, { context }) }
    })
    page = await browser.newPage()
    await page.goto(server.url)
  })

  afterEach(async () => {
    await page.close()
    server.close()
  })

  function create(claims: Partial<AttachmentCreateParams> = {}): Promise<Attachment> {
    return storage.attachments.createAttachment({ name: 'x.txt', size: 5, mime_type: 'text/plain', ...claims }, ann)
  }

  /** Uploads so many bytes in the page. */
  function upload(attachment: Attachment, size = 5, options: Options = {}): Promise<End> {
    const given = { complete: '/attachments', headers: { authorization: 'token' }, ...options }
    const run = ([one, bytes, rest]: [Attachment, number, Options]) =>
      (globalThis as unknown as { upload: (...args: unknown[]) => Promise<End> }).upload(one, bytes, rest)
    return page.evaluate(run, [attachment, size, given] as [Attachment, number, Options])
  }

  const status = async (id: string) => (await storage.uploads.load(id, ann)).status

  it('sends the bytes with progress, completes, and gives the record', async () => {
    const attachment = await create({ size: big })
    const { record, progress } = await upload(attachment, big)
    expect(record).toMatchObject({ id: attachment.id, fileName: 'x.txt', fileSize: big, status: 'complete' })
    expect(progress.at(-1)).toBe(1)
    expect(progress.toSorted((a, b) => a - b)).toEqual(progress)
    expect(server.heard).toEqual(['PUT', 'complete'])
    expect(await files.headAttachment(attachment.id, ann)).toMatchObject({ size: big, type: 'text/plain' })
  })

  it.each([
    ['arrived, but whose answer was lost', ['cut after']],
    ['did not arrive', ['cut before']],
    ['met a server that was busy', [503, 429]],
    ['got no answer for too long', ['silence']],
    ['was lost twice, having arrived', ['cut after', 'cut before']],
  ] as const)('an upload that %s is sent again and completed', async (_, faults) => {
    server.faults.put.push(...faults)
    const attachment = await create()
    const { record, error } = await upload(attachment, 5, { timeoutMs: 1_000 })
    expect(error).toBeUndefined()
    expect(record?.status).toBe('complete')
    expect(server.heard.length).toBeGreaterThan(2)
    expect(server.heard.filter((name) => name !== 'PUT')).toEqual(['complete'])
  })

  it('an upload whose last answer was lost as well is left to complete to find', async () => {
    server.faults.put.push('cut after', 'cut before', 'cut before', 'cut before', 'cut before')
    const attachment = await create()
    expect((await upload(attachment, 5, { retries: 1 })).record?.status).toBe('complete')
  })

  it('an upload that never arrived says why', async () => {
    server.faults.put.push(...Array.from({ length: 9 }, () => 'cut before' as const))
    const { id, ...rest } = await create()
    const { error } = await upload({ id, ...rest }, 5, { retries: 1 })
    expect(error).toMatchObject({ name: 'UploadError', code: 'unavailable', status: 0 })
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'failed', reason: error?.message })
  })

  it('an upload that stands still ends in time', async () => {
    server.faults.put.push('silence')
    const { id, ...rest } = await create()
    const { error } = await upload({ id, ...rest }, 5, { timeoutMs: 200, retries: 0 })
    expect(error).toMatchObject({ code: 'timeout' })
    expect(await status(id)).toBe('failed')
  })

  it('a completion whose answer was lost is asked for again', async () => {
    server.faults.complete.push('cut after', 502, 'silence')
    const { record } = await upload(await create(), 5, { timeoutMs: 500 })
    expect(record?.status).toBe('complete')
  })

  const nowhere = { upload_descriptor: null, upload_url: null }

  it.each([
    ['larger', 6, {}, 'too_large', ['PUT', 'fail']],
    ['of a bad URL', 5, { ...nowhere, upload_url: '/upload/x?token=1' }, 'unauthorized', ['POST', 'fail']],
    ['without a way to upload it', 5, nowhere, 'invalid_argument', ['fail']],
  ])('a file that is %s is refused at once, and the server is told', async (_, size, change, expected, heard) => {
    const { id, ...rest } = await create()
    const { error } = await upload({ id, ...rest, ...change } as Attachment, size)
    expect(error).toMatchObject({ name: 'UploadError', code: expected })
    expect(server.heard).toEqual(heard)
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'failed', reason: error?.message })
  })

  it('what the server finds wrong with the bytes is told in its words', async () => {
    const attachment = await create({ mime_type: 'image/png' })
    await files.writeAttachment(attachment.id, Buffer.from('%PDF-'), ann, { type: 'image/png' })
    const { error } = await upload(attachment)
    expect(error).toMatchObject({ code: 'unsupported_type', status: 409 })
    expect(error?.message).toBe('the file looks like application/pdf, not like the image/png announced')
  })

  it.each([
    ['before it begins', 0, ['fail']],
    ['on its way', 0.01, ['PUT', 'fail']],
  ])('canceled %s, it is not sent again, and the server is told', async (_, abortAt, heard) => {
    const { id, ...rest } = await create({ size: big * 10 })
    const { error } = await upload({ id, ...rest }, big * 10, { abortAt })
    expect(error).toMatchObject({ name: 'UploadError', code: 'aborted' })
    expect(server.heard).toEqual(heard)
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'failed', reason: 'the upload was canceled' })
  })

  it.each([
    ['before its answer', 'silence after'],
    ['in the middle of its answer', 'half an answer'],
  ] as const)('canceled when the server has completed it, %s, it is deleted', async (_, fault) => {
    server.faults.complete.push(fault)
    const attachment = await create()
    const end = upload(attachment)
    await expect.poll(() => status(attachment.id)).toBe('complete')
    await page.evaluate(() => (globalThis as unknown as { cancel: () => void }).cancel())
    expect((await end).error).toMatchObject({ name: 'UploadError', code: 'aborted' })
    expect(server.heard).toEqual(['PUT', 'complete', 'fail', 'delete'])
    await expect(status(attachment.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('completed without an answer that came through, it is deleted, so that nothing is left of what failed', async () => {
    server.faults.complete.push(...Array.from({ length: 9 }, () => 'cut after' as const))
    const attachment = await create()
    const { error } = await upload(attachment, 5, { retries: 1 })
    expect(error).toMatchObject({ code: 'unavailable' })
    await expect(status(attachment.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('without a descriptor the file goes as a form', async () => {
    const { upload_descriptor, ...attachment } = await create()
    expect((await upload(attachment as Attachment)).record?.status).toBe('complete')
    expect(server.heard).toEqual(['POST', 'complete'])
  })

  it('told to nobody, it is verified when it is first loaded', async () => {
    const attachment = await create()
    const ended = await page.evaluate(
      (one) => (globalThis as unknown as { upload: (...args: unknown[]) => Promise<End> }).upload(one, 5, {}),
      attachment,
    )
    expect(ended).toMatchObject({ progress: expect.arrayContaining([1]) })
    expect(ended).not.toHaveProperty('error')
    expect(await status(attachment.id)).toBe('uploading')
    await storage.store.loadAttachment(attachment.id, ann)
    expect(await status(attachment.id)).toBe('complete')
  })

  it('what one’s own function throws comes back as it is', async () => {
    const { error } = await upload(await create(), 5, { own: 'my words' })
    expect(error).toMatchObject({ name: 'RangeError', message: 'my words' })
  })

  it('whom the server does not know, it does not complete', async () => {
    const { id, ...rest } = await create()
    const { error } = await upload({ id, ...rest }, 5, { headers: {} })
    expect(error).toMatchObject({ code: 'unauthorized', status: 403 })
    expect(await status(id)).toBe('uploading')
  })
})
