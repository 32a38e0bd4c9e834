import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve, type TestServer } from '../../test/serve.ts'
import { MemoryAttachmentStore } from './memory-attachment-store.ts'
import { MemoryBlobDriver } from './memory-blob-driver.ts'
import { UrlSigner } from './url-signer.ts'

const secret = 'a secret of more than thirty-two bytes'
const context = 'tenant'
const digits = new TextEncoder().encode('0123456789')
let server: TestServer
let store: MemoryAttachmentStore<string>
let url: string
let etag: string

beforeAll(async () => {
  server = await serve((request) => store.handler(request))
  store = new MemoryAttachmentStore<string>({ scope: (tenant) => tenant, baseUrl: server.url, secret })
  await store.writeAttachment('atc_1', digits, context, { type: 'text/plain' })
  await store.writeAttachment('atc_empty', new Uint8Array(), context, { type: 'text/plain' })
  url = await store.attachmentUrl('atc_1', context, { name: 'zähler.txt', disposition: 'inline', expiresIn: 60 })
  etag = `"${(await store.headAttachment('atc_1', context))?.etag}"`
})

afterAll(() => server[Symbol.asyncDispose]())

describe('GET', () => {
  test('gives the bytes with everything a browser must know of a stranger’s file', async () => {
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('0123456789')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': expect.stringMatching(/^private, max-age=(59|60)$/),
      'content-disposition': `inline; filename="z_hler.txt"; filename*=UTF-8''z%C3%A4hler.txt`,
      'content-length': '10',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-type': 'text/plain',
      'cross-origin-resource-policy': 'same-site',
      etag,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  test('gives an empty file', async () => {
    const response = await fetch(await store.attachmentUrl('atc_empty', context))
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', ''])
  })

  test.each(['text/html', 'image/svg+xml', 'application/xhtml+xml'])('never shows %s in place', async (type) => {
    const id = `atc_${type.replaceAll(/\W/g, '_')}`
    await store.writeAttachment(id, digits, context, { type })
    const { headers } = await fetch(await store.attachmentUrl(id, context, { disposition: 'inline' }))
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toMatch(/^attachment;/)
  })

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-20', '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99999999999999999999', '9', 'bytes 9-9/10'],
    ['Bytes = 0-0', '0', 'bytes 0-0/10'],
  ])('gives the range %s', async (range, text, contentRange) => {
    const response = await fetch(url, { headers: { range } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(contentRange)
    expect(response.headers.get('content-length')).toBe(String(text.length))
    expect(await response.text()).toBe(text)
  })

  test.each(['bytes=10-', 'bytes=-0', 'bytes=0-1,3-4', 'bytes=99999999999999999999-'])(
    'cannot satisfy %s',
    async (range) => {
      const response = await fetch(url, { headers: { range } })
      expect(response.status).toBe(416)
      expect(response.headers.get('content-range')).toBe('bytes */10')
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_argument' } })
    },
  )

  test('has no range of an empty file', async () => {
    const response = await fetch(await store.attachmentUrl('atc_empty', context), { headers: { range: 'bytes=0-' } })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */0'])
  })

  test.each(['bytes=4-2', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes'])('takes no notice of %s', async (range) => {
    const response = await fetch(url, { headers: { range } })
    expect([response.status, await response.text()]).toEqual([200, '0123456789'])
  })

  test('gives nothing that the client has already', async () => {
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await fetch(url, { headers: { 'if-none-match': known } })
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  test('gives the whole when a range is of other bytes', async () => {
    const same = await fetch(url, { headers: { range: 'bytes=1-2', 'if-range': etag } })
    expect([same.status, await same.text()]).toEqual([206, '12'])
    for (const other of ['"other"', `W/${etag}`, new Date().toUTCString()]) {
      const response = await fetch(url, { headers: { range: 'bytes=1-2', 'if-range': other } })
      expect([response.status, await response.text()]).toEqual([200, '0123456789'])
    }
  })

  test('finds nothing after the bytes are deleted', async () => {
    await store.writeAttachment('atc_gone', digits, context)
    const gone = await store.attachmentUrl('atc_gone', context)
    await store.deleteAttachment('atc_gone', context)
    const response = await fetch(gone)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
  })

  test('refuses a changed URL, that of an upload, and one whose time is over', async () => {
    const { upload_url } = await store.createAttachment({ name: 'a', size: 1, mime_type: 'text/plain' }, context)
    for (const changed of [url.replace('atc_1', 'atc_empty'), url.slice(0, -1), upload_url ?? '']) {
      const response = await fetch(changed)
      expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'unauthorized' } }])
    }
    const late = { disposition: 'attachment', type: 'text/plain', expiresAt: new Date(Date.now() - 1) }
    const expired = await fetch(new UrlSigner({ baseUrl: server.url, secret }).signDownload('tenant/atc_1', late))
    expect([expired.status, await expired.json()]).toMatchObject([403, { error: { code: 'expired' } }])
  })

  test('reads no further than its client does', async () => {
    let chunks = 0
    class Counting extends MemoryBlobDriver {
      override async read(key: string): ReturnType<MemoryBlobDriver['read']> {
        const info = await this.head(key)
        const endless = (async function* () {
          for (;;) yield new Uint8Array(++chunks && 64 * 1024)
        })()
        return info && { ...info, body: ReadableStream.from(endless) }
      }
    }
    const driver = new Counting(new UrlSigner({ baseUrl: 'http://files.example', secret }))
    const slow = new MemoryAttachmentStore<string>({ scope: (tenant) => tenant, driver })
    await slow.writeAttachment('atc_1', digits, context)
    const response = await slow.handler(new Request(await slow.attachmentUrl('atc_1', context)))
    const reader = response.body?.getReader()
    for (let read = 0; read < 3; read++) await reader?.read()
    await reader?.cancel()
    expect(chunks).toBeLessThan(6)
  })
})

describe('HEAD', () => {
  test('equals GET without the body', async () => {
    const [head, get] = await Promise.all([fetch(url, { method: 'HEAD' }), fetch(url)])
    const ofTheMoment = ['cache-control', 'connection', 'date', 'keep-alive']
    const fields = ({ headers }: Response) => [...headers].filter(([name]) => !ofTheMoment.includes(name))
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect(fields(head)).toEqual(fields(get))
  })

  test('is told of the whole, whatever range it asks for', async () => {
    const head = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=1-2' } })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10'])
  })

  test('finds nothing where GET finds nothing', async () => {
    const missing = await store.handler(new Request(url.replace('atc_1', 'atc_2'), { method: 'HEAD' }))
    expect(missing.status).toBe(403)
  })
})
