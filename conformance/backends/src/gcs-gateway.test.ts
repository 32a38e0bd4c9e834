import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createGcsBucket, gcsOptions } from './gcs-bucket.ts'
import { describeOn } from './vitest.ts'

const page = 'https://chat.example'
const claims = { 'content-type': 'text/plain', 'x-goog-content-length-range': '5,5', 'x-goog-if-generation-match': '0' }

await describeOn('gcs', ({ url }) => {
  const storage = new Storage(gcsOptions(url))
  const { origin } = new URL(url)
  let bucket = ''
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name: bucket, drop } = await createGcsBucket(url))
  })
  afterAll(() => drop())

  const sign = async (key: string, action: 'read' | 'write' = 'write', at = bucket) => {
    const extensionHeaders = action === 'write' ? claims : {}
    const how = { version: 'v4', action, extensionHeaders, expires: Date.now() + 60_000 } as const
    const [signed] = await storage.bucket(at).file(key).getSignedUrl(how)
    return signed
  }
  const put = async (to: string, body: string | ReadableStream = 'hello', headers: Record<string, string> = claims) => {
    const answer = await fetch(to, { method: 'PUT', body, headers, duplex: 'half' } as RequestInit)
    return [answer.status, /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1]]
  }
  const stored = async (key: string) => {
    const answer = await fetch(await sign(key, 'read'))
    return answer.ok ? answer.text() : undefined
  }

  test('a signed upload is stored with its type, once', async () => {
    const to = await sign('once')
    expect(await put(to)).toEqual([200, undefined])
    expect(await put(to)).toEqual([412, 'PreconditionFailed'])
    const answer = await fetch(await sign('once', 'read'))
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain', 'hello'])
  })

  describe('refuses, and stores nothing of,', () => {
    const streamOf = (text: string) => new Blob([text]).stream()
    const { 'x-goog-content-length-range': _, ...boundless } = claims
    const refusals: [string, string | ReadableStream, Record<string, string>, number, string][] = [
      ['more bytes', 'longer', claims, 400, 'EntityTooLarge'],
      ['fewer bytes', 'less', claims, 400, 'EntityTooSmall'],
      ['more bytes of unknown length', streamOf('longer'), claims, 400, 'EntityTooLarge'],
      ['fewer bytes of unknown length', streamOf('less'), claims, 400, 'EntityTooSmall'],
      ['another type', 'hello', { ...claims, 'content-type': 'text/html' }, 403, 'SignatureDoesNotMatch'],
      ['no range', 'hello', boundless, 400, 'MalformedSecurityHeader'],
      ['an unsigned header', 'hello', { ...claims, 'x-goog-acl': 'public-read' }, 400, 'MalformedSecurityHeader'],
    ]
    test.each(refusals)('%s', async (name, body, headers, status, code) => {
      const key = name.replaceAll(' ', '-')
      expect(await put(await sign(key), body, headers)).toEqual([status, code])
      expect(await stored(key)).toBeUndefined()
    })

    test('another key', async () => {
      expect(await put((await sign('one')).replace('/one?', '/other?'))).toEqual([403, 'SignatureDoesNotMatch'])
      expect(await stored('other')).toBeUndefined()
    })

    test.each([
      ['is over', -120, 400, 'ExpiredToken'],
      ['has not begun', 120, 403, 'RequestTimeTooSkewed'],
    ])('a URL whose time %s', async (_, seconds, status, code) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 })
      onTestFinished(() => void vi.useRealTimers())
      expect(await put(await sign('late'))).toEqual([status, code])
    })

    test('a bucket that is not there', async () => {
      expect(await put(await sign('one', 'write', 'there-is-none'))).toEqual([404, 'NoSuchBucket'])
    })

    test('no signature, and no token', async () => {
      expect(await put(`${origin}/${bucket}/one`)).toEqual([403, 'AccessDenied'])
      expect((await fetch(`${origin}/storage/v1/b/${bucket}/o`)).status).toBe(401)
      const headers = { authorization: 'Bearer a.b.c' }
      expect((await fetch(`${origin}/storage/v1/b/${bucket}/o`, { headers })).status).toBe(401)
    })
  })

  test('a download is answered with what its query says, in ranges too', async () => {
    await storage.bucket(bucket).file('read').save('hello', { resumable: false, contentType: 'text/html' })
    const asked = { responseType: 'text/plain', responseDisposition: 'attachment; filename="a.txt"' }
    const how = { version: 'v4', action: 'read', expires: Date.now() + 60_000, ...asked } as const
    const [to] = await storage.bucket(bucket).file('read').getSignedUrl(how)
    const answer = await fetch(to, { headers: { range: 'bytes=1-3' } })
    expect([answer.status, await answer.text()]).toEqual([206, 'ell'])
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.txt"')
    expect((await fetch(to.replace('a.txt', 'b.txt'))).status).toBe(403)
  })

  test('pages of other origins are told what the bucket’s rules allow, and nothing without a rule', async () => {
    const ask = async (origin: string, method: string) => {
      const headers = { origin, 'access-control-request-method': method }
      const answer = await fetch(`${new URL(url).origin}/${bucket}/one`, { method: 'OPTIONS', headers })
      const names = ['allow-origin', 'allow-methods', 'allow-headers']
      return names.map((name) => answer.headers.get(`access-control-${name}`))
    }
    expect(await ask(page, 'PUT')).toEqual([null, null, null])
    const rule = { origin: [page], method: ['PUT', 'GET'], responseHeader: ['content-type'], maxAgeSeconds: 60 }
    await storage.bucket(bucket).setCorsConfiguration([rule])
    expect(await ask(page, 'PUT')).toEqual([page, 'PUT, GET', 'content-type'])
    expect(await ask(page, 'DELETE')).toEqual([null, null, null])
    expect(await ask('https://other.example', 'PUT')).toEqual([null, null, null])
    const refused = await fetch(`${new URL(url).origin}/${bucket}/one`, { headers: { origin: page } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, page])
  })
})
