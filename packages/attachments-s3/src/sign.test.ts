import { createHash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import type { Attachment } from '@threadkeep/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'
import { verifySignature } from '../test/verify-signature.ts'

const secretAccessKey = 'the secret of nobody'
const config = { region: 'eu-central-1', credentials: { accessKeyId: 'AKIDNOBODY', secretAccessKey } }
const store = storeIn('bucket', { config })
const file = { name: 'Übung "1".pdf', size: 5, mime_type: 'application/pdf' }
const sha256 = createHash('sha256').update('hello').digest('hex')

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a signed upload', () => {
  test('is signed with size, type and create-only, and with the checksum when there is one', async () => {
    const plain = await store.createAttachment(file, 'tenant')
    expect(signedHeaders(plain)).toEqual(['content-length', 'content-type', 'host', 'if-none-match'])
    expect(headersOf(plain)).toEqual({ 'content-type': 'application/pdf', 'if-none-match': '*' })
    const checked = await store.createAttachment({ ...file, sha256 }, 'tenant')
    expect(signedHeaders(checked)).toEqual([...signedHeaders(plain), 'x-amz-checksum-sha256'])
    expect(headersOf(checked)).toEqual({
      ...headersOf(plain),
      'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
    })
  })

  test('says nothing in its query but that it is signed', async () => {
    for (const params of [file, { ...file, sha256 }]) {
      const { searchParams } = new URL(urlOf(await store.createAttachment(params, 'tenant')))
      expect([...searchParams.keys()].sort()).toEqual([
        'X-Amz-Algorithm',
        'X-Amz-Content-Sha256',
        'X-Amz-Credential',
        'X-Amz-Date',
        'X-Amz-Expires',
        'X-Amz-Signature',
        'X-Amz-SignedHeaders',
        'x-id',
      ])
    }
  })

  test('names neither the file nor the secret', async () => {
    const attachment = await store.createAttachment(file, 'tenant')
    const text = decodeURIComponent(JSON.stringify(attachment.upload_descriptor))
    expect(text).not.toMatch(/bung|crc32/i)
    expect(text).not.toContain(secretAccessKey)
  })

  test('passes an independent verifier, which refuses each change', async () => {
    const attachment = await store.createAttachment({ ...file, sha256 }, 'tenant')
    const url = urlOf(attachment)
    const headers: Record<string, string> = {
      ...headersOf(attachment),
      host: new URL(url).host,
      'content-length': '5',
    }
    const passes = (
      change: Partial<{ method: string; url: string; headers: Record<string, string> }>,
      now = new Date(),
    ) => verifySignature({ method: 'PUT', url, headers, ...change }, secretAccessKey, now)
    expect(passes({})).toBe(true)
    for (const name of signedHeaders(attachment)) {
      expect(passes({ headers: { ...headers, [name]: `${headers[name]}0` } }), `another ${name}`).toBe(false)
      const { [name]: _, ...without } = headers
      expect(passes({ headers: without }), `without ${name}`).toBe(false)
    }
    expect(passes({ method: 'DELETE' })).toBe(false)
    expect(passes({ url: url.replace('/atc_', '/atc_0') })).toBe(false)
    expect(passes({ url: url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000') })).toBe(false)
    expect(passes({}, new Date(Date.now() + 901_000))).toBe(false)
    expect(verifySignature({ method: 'PUT', url, headers }, 'another secret', new Date())).toBe(false)
  })
})

describe('a signed download', () => {
  const request = {
    name: 'plan.pdf',
    type: 'application/pdf',
    disposition: 'inline',
    expiresAt: inSeconds(7_200),
  } as const
  const sign = () => store.objects.signDownload('tenant', 'atc_1', request)

  test('is the same URL until half of its time is over', async () => {
    const first = await sign()
    vi.setSystemTime(inSeconds(3_599))
    expect(await sign()).toBe(first)
    vi.setSystemTime(inSeconds(3_601))
    const second = await sign()
    expect(second).not.toBe(first)
    const headers = { host: new URL(second).host }
    for (const url of [first, second]) {
      expect(verifySignature({ method: 'GET', url, headers }, secretAccessKey, new Date())).toBe(true)
      expect(verifySignature({ method: 'GET', url, headers }, secretAccessKey, inSeconds(7_201))).toBe(false)
    }
  })
})

describe('a client of the caller', () => {
  test('that signs default checksums is refused before anybody gets such a URL', async () => {
    const client = new S3Client(config)
    const attachments = storeIn('bucket', { client })
    await expect(attachments.createAttachment(file, 'tenant')).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining("requestChecksumCalculation: 'WHEN_REQUIRED'"),
    })
  })

  test('excludes a configuration', () => {
    const both = () => storeIn('bucket', { config, client: new S3Client(config) })
    expect(both).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})

function inSeconds(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)
}

function urlOf({ upload_descriptor }: Attachment): string {
  return upload_descriptor?.url ?? ''
}

function headersOf({ upload_descriptor }: Attachment): Readonly<Record<string, string>> {
  return upload_descriptor?.headers ?? {}
}

function signedHeaders(attachment: Attachment): string[] {
  return new URL(urlOf(attachment)).searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? []
}
