import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve, type TestServer } from '../../test/serve.ts'
import type { Attachment, AttachmentCreateParams } from './attachment.ts'
import { MemoryAttachmentStore } from './memory-attachment-store.ts'
import { MemoryBlobDriver } from './memory-blob-driver.ts'
import { UrlSigner } from './url-signer.ts'

const secret = 'a secret of more than thirty-two bytes'
const hello = { name: 'hello.txt', size: 5, mime_type: 'text/plain' }
const context = 'tenant'
let server: TestServer
let store: MemoryAttachmentStore<string>

beforeAll(async () => {
  server = await serve((request) => store.handler(request))
  store = new MemoryAttachmentStore<string>({ scope: (tenant) => tenant, baseUrl: server.url, secret })
})

afterAll(() => server[Symbol.asyncDispose]())

async function created(params: AttachmentCreateParams = hello): Promise<Attachment & { url: string }> {
  const attachment = await store.createAttachment(params, context)
  return { ...attachment, url: attachment.upload_descriptor?.url ?? '' }
}

function put(url: string, body: string, type: string | null = 'text/plain'): Promise<Response> {
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
  return fetch(url, { method: 'PUT', body: new Blob([body]), headers })
}

function form(content: string, type = 'text/plain', field = 'file'): FormData {
  const data = new FormData()
  data.append('before', 'another field')
  data.append(field, new File([content], 'a "name"; name="file".txt', { type }))
  data.append('after', 'another field')
  return data
}

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  expect({ status: response.status, body: await response.json() }).toEqual({
    status,
    body: { error: { code, message: expect.any(String) } },
  })
}

async function textOf(id: string): Promise<string> {
  return new Response((await store.readAttachment(id, context)).body).text()
}

describe('PUT', () => {
  test('stores the announced bytes and answers with their ETag', async () => {
    const { id, url } = await created()
    const response = await put(url, 'hello')
    expect(response.status).toBe(201)
    const info = await store.headAttachment(id, context)
    expect(info).toMatchObject({ size: 5, type: 'text/plain' })
    expect(response.headers.get('etag')).toBe(`"${info?.etag}"`)
    expect(await textOf(id)).toBe('hello')
  })

  test('stores an empty file', async () => {
    const { id, url } = await created({ ...hello, size: 0 })
    expect((await put(url, '')).status).toBe(201)
    expect(await textOf(id)).toBe('')
  })

  test.each([
    ['a byte more', 'hello!', 'text/plain', 413, 'too_large'],
    ['a byte less', 'hell', 'text/plain', 413, 'invalid_argument'],
    ['another type', 'hello', 'text/html', 415, 'unsupported_type'],
    ['no type', 'hello', null, 415, 'unsupported_type'],
    ['a type that is none', 'hello', 'text', 415, 'unsupported_type'],
  ])('refuses %s and stores nothing', async (_, body, type, status, code) => {
    const { id, url } = await created()
    await expectRefusal(await put(url, body, type), status, code)
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses a body of unannounced length', async () => {
    const { id, url } = await created()
    const body = new Blob(['hello']).stream()
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'content-type': 'text/plain' } } as RequestInit
    await expectRefusal(await fetch(url, init), 411, 'invalid_argument')
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses other bytes than those of the checksum, and takes the right ones afterwards', async () => {
    const sha256 = createHash('sha256').update('hello').digest('hex')
    const { id, url } = await created({ ...hello, sha256 })
    await expectRefusal(await put(url, 'HELLO'), 422, 'checksum_mismatch')
    expect(await store.headAttachment(id, context)).toBeUndefined()
    expect((await put(url, 'hello')).status).toBe(201)
  })

  test('refuses a second upload and keeps the first', async () => {
    const { id, url } = await created()
    await put(url, 'hello')
    await expectRefusal(await put(url, 'HELLO'), 412, 'conflict')
    expect(await textOf(id)).toBe('hello')
  })

  test('lets one of two uploads at once win', async () => {
    const { id, url } = await created()
    const responses = await Promise.all(['hello', 'HELLO', 'Hello', 'heLLo'].map((body) => put(url, body)))
    expect(responses.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412])
    const winner = responses.findIndex(({ status }) => status === 201)
    expect(await textOf(id)).toBe(['hello', 'HELLO', 'Hello', 'heLLo'][winner])
  })

  test('refuses a URL whose time is over', async () => {
    const claims = { size: 5, type: 'text/plain', sha256: null, expiresAt: new Date(Date.now() - 1) }
    const { url } = new UrlSigner({ baseUrl: server.url, secret }).signUpload('tenant/atc_late', claims)
    await expectRefusal(await put(url, 'hello'), 403, 'expired')
  })

  test('refuses a URL that was changed', async () => {
    const { id, url } = await created()
    const refused = [url.replace(id, 'atc_other'), url.slice(0, -1), url.replace(/\?.*/, ''), `${url}x`]
    for (const changed of refused) await expectRefusal(await put(changed, 'hello'), 403, 'unauthorized')
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses the URL of a download', async () => {
    const { id, url } = await created()
    await put(url, 'hello')
    await expectRefusal(await put(await store.attachmentUrl(id, context), 'hello'), 403, 'unauthorized')
  })

  test('leaves the id free when the client goes away', async () => {
    const { id, url } = await created({ ...hello, size: 1_000_000 })
    const headers = { 'content-type': 'text/plain', 'content-length': 1_000_000 }
    const upload = httpRequest(url, { method: 'PUT', headers })
    const failed = new Promise((resolve) => upload.once('error', resolve))
    await new Promise((resolve) => upload.write(Buffer.alloc(500_000), resolve))
    upload.destroy()
    await failed
    expect(await store.headAttachment(id, context)).toBeUndefined()
    expect((await put(url, 'x'.repeat(1_000_000))).status).toBe(201)
  })

  test('answers a refused upload before its body has arrived', async () => {
    const { url } = await created()
    const headers = { 'content-type': 'text/plain', 'content-length': 1_000_000_000 }
    const upload = httpRequest(url, { method: 'PUT', headers })
    const status = await new Promise((resolve, reject) => {
      upload.once('response', ({ statusCode }) => resolve(statusCode))
      upload.once('error', reject)
      upload.flushHeaders()
    })
    upload.destroy()
    expect(status).toBe(413)
  })
})

describe('POST', () => {
  test('stores the field file of a form, among others', async () => {
    const { id, upload_url } = await created()
    const response = await fetch(upload_url ?? '', { method: 'POST', body: form('hello') })
    expect(response.status).toBe(201)
    expect(await textOf(id)).toBe('hello')
  })

  test.each([
    ['a byte more', form('hello!'), 413, 'too_large'],
    ['a byte less', form('hell'), 413, 'invalid_argument'],
    ['another type', form('hello', 'text/html'), 415, 'unsupported_type'],
    ['another field', form('hello', 'text/plain', 'upload'), 400, 'invalid_argument'],
    ['a form larger than its file', form('x'.repeat(100_000)), 413, 'too_large'],
    ['a body that is no form', new URLSearchParams({ file: 'hello' }), 415, 'unsupported_type'],
  ])('refuses %s and stores nothing', async (_, body, status, code) => {
    const { id, url } = await created()
    await expectRefusal(await fetch(url, { method: 'POST', body }), status, code)
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses a form of unannounced length as soon as it is too large', async () => {
    const { id, url } = await created()
    const endless = ReadableStream.from(
      (async function* () {
        yield Buffer.from('--b\r\ncontent-disposition: form-data; name="note"\r\n\r\n')
        for (;;) yield Buffer.alloc(64 * 1024)
      })(),
    )
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const request = new Request(url, { method: 'POST', body: endless, duplex: 'half', headers } as RequestInit)
    await expectRefusal(await store.handler(request), 413, 'too_large')
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses other bytes than those of the checksum', async () => {
    const { id, url } = await created({ ...hello, sha256: '0'.repeat(64) })
    await expectRefusal(await fetch(url, { method: 'POST', body: form('hello') }), 422, 'checksum_mismatch')
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('refuses a second upload', async () => {
    const { url } = await created()
    await put(url, 'hello')
    await expectRefusal(await fetch(url, { method: 'POST', body: form('hello') }), 412, 'conflict')
  })
})

test('a failing backend is told in its code, and nothing else', async () => {
  class Full extends MemoryBlobDriver {
    override async head(): Promise<never> {
      throw new Error('/var/secret/place is full')
    }
  }
  const driver = new Full(new UrlSigner({ baseUrl: 'http://files.example', secret }))
  const broken = new MemoryAttachmentStore<string>({ scope: (tenant) => tenant, driver })
  const { upload_url } = await broken.createAttachment(hello, context)
  const headers = { 'content-type': 'text/plain', 'content-length': '5' }
  const response = await broken.handler(new Request(upload_url ?? '', { method: 'PUT', body: 'hello', headers }))
  await expectRefusal(response.clone(), 500, 'internal')
  expect(await response.text()).not.toContain('secret')
})
