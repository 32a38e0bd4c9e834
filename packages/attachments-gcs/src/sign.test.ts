import { Storage } from '@google-cloud/storage'
import { checkSignedUrl, gcsOptions, ServiceAccount } from '@threadkeep/backends'
import type { Attachment } from '@threadkeep/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'

const account = new ServiceAccount()
const config = gcsOptions(account.urlAt('https://storage.googleapis.com'))
const store = storeIn('bucket', { config })
const file = { name: 'Übung "1".pdf', size: 5, mime_type: 'application/pdf' }
const descriptor = {
  'content-type': 'application/pdf',
  'x-goog-content-length-range': '5,5',
  'x-goog-if-generation-match': '0',
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a signed upload', () => {
  test('is signed with size, type and create-only, and all but the host is in its headers', async () => {
    const { upload_descriptor } = await store.createAttachment(file, 'tenant')
    expect(upload_descriptor).toMatchObject({ method: 'PUT', headers: descriptor })
    const signed = new URL(upload_descriptor?.url ?? '').searchParams.get('X-Goog-SignedHeaders')
    expect(signed?.split(';')).toEqual([...Object.keys(descriptor), 'host'].sort())
  })

  test('says nothing in its query but that it is signed, in version 4', async () => {
    const { searchParams } = new URL(urlOf(await store.createAttachment(file, 'tenant')))
    expect([...searchParams.keys()].sort()).toEqual([
      'X-Goog-Algorithm',
      'X-Goog-Credential',
      'X-Goog-Date',
      'X-Goog-Expires',
      'X-Goog-Signature',
      'X-Goog-SignedHeaders',
    ])
    expect(searchParams.get('X-Goog-Algorithm')).toBe('GOOG4-RSA-SHA256')
  })

  test('names neither the file nor the key', async () => {
    const attachment = await store.createAttachment(file, 'tenant')
    const text = decodeURIComponent(JSON.stringify(attachment.upload_descriptor))
    expect(text).not.toMatch(/bung/)
    expect(text).not.toContain(config.credentials.private_key.split('\n')[1])
  })

  test('passes an independent verifier, which refuses each change', async () => {
    const url = urlOf(await store.createAttachment(file, 'tenant'))
    const headers: Record<string, string> = { ...descriptor, host: new URL(url).host }
    const verdict = (change: Partial<{ method: string; url: string; headers: object }>, now = new Date()) =>
      verdictOn({ method: 'PUT', url, headers, ...change }, now)
    expect(verdict({})).toBe('passes')
    for (const name of Object.keys(headers)) {
      expect(verdict({ headers: { ...headers, [name]: `0${headers[name]}` } }), `another ${name}`).toMatch('Signature')
      const { [name]: _, ...without } = headers
      expect(verdict({ headers: without }), `without ${name}`).toBe('MalformedSecurityHeader')
    }
    expect(verdict({ headers: { ...headers, 'x-goog-acl': 'public-read' } })).toBe('MalformedSecurityHeader')
    expect(verdict({ method: 'DELETE' })).toBe('SignatureDoesNotMatch')
    expect(verdict({ url: url.replace('/atc_', '/atc_0') })).toBe('SignatureDoesNotMatch')
    expect(verdict({ url: url.replace('X-Goog-Expires=900', 'X-Goog-Expires=9000') })).toBe('SignatureDoesNotMatch')
    expect(verdict({}, inSeconds(901))).toBe('ExpiredToken')
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
      expect(verdictOn({ method: 'GET', url, headers }, new Date())).toBe('passes')
      expect(verdictOn({ method: 'GET', url, headers }, inSeconds(7_201))).toBe('ExpiredToken')
    }
  })
})

describe('credentials', () => {
  test('of a person cannot sign, and it is said what can', async () => {
    const credentials = { type: 'authorized_user', client_id: 'x', client_secret: 'a secret', refresh_token: 'another' }
    const attachments = storeIn('bucket', { config: { projectId: 'threadkeep', credentials } })
    await expect(attachments.createAttachment(file, 'tenant')).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining("give it a service account's key"),
    })
  })

  test('whose private key is none are told apart from an outage', async () => {
    const credentials = { ...config.credentials, private_key: 'no key' }
    const attachments = storeIn('bucket', { config: { ...config, credentials } })
    await expect(attachments.createAttachment(file, 'tenant')).rejects.toMatchObject({ code: 'configuration' })
  })

  test('come from a client or from a configuration, not both', () => {
    const both = () => storeIn('bucket', { config, client: new Storage(config) })
    expect(both).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})

function verdictOn({ url, ...request }: { method: string; url: string; headers: object }, now: Date): string {
  const { pathname, search } = new URL(url)
  try {
    checkSignedUrl({ target: pathname + search, ...request } as Parameters<typeof checkSignedUrl>[0], account, now)
    return 'passes'
  } catch (refusal) {
    return (refusal as { code: string }).code
  }
}

function inSeconds(seconds: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)
}

function urlOf({ upload_descriptor }: Attachment): string {
  return upload_descriptor?.url ?? ''
}
