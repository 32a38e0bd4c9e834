import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UrlSigner } from './url-signer.ts'

const baseUrl = 'https://files.example/attachments'
const secret = 'a secret of more than thirty-two bytes'
const signer = new UrlSigner({ baseUrl, secret })
const inAMinute = new Date(Date.now() + 60_000)
const upload = { size: 5, type: 'image/png', sha256: 'ab'.repeat(32), expiresAt: inAMinute }
const download = { type: 'image/png', disposition: 'inline; filename="a.png"', expiresAt: inAMinute }
const key = 'prefix/tenant/atc_1'
const uploadUrl = signer.signUpload(key, upload).url
const downloadUrl = signer.signDownload(key, download)
const unauthorized = expect.objectContaining({ code: 'unauthorized' })

describe('a signed URL', () => {
  test('gives back all it was signed for', () => {
    expect(signer.verifyUpload(uploadUrl)).toEqual({ key, ...upload })
    expect(signer.verifyDownload(downloadUrl)).toEqual({ key, ...download })
  })

  test('without a checksum binds none', () => {
    const { url } = signer.signUpload(key, { ...upload, sha256: null })
    expect(signer.verifyUpload(url).sha256).toBeNull()
  })

  test('shows neither the secret nor the tenant in its path', () => {
    const { origin, pathname } = new URL(uploadUrl)
    expect(origin + pathname).toBe(`${baseUrl}/atc_1`)
    expect(decodeURIComponent(uploadUrl)).not.toContain(secret)
  })

  test('is the same for the same request, so that browsers can cache it', () => {
    expect(signer.signDownload(key, download)).toBe(downloadUrl)
  })

  test('is refused when any character of its token is another', () => {
    const token = new URL(uploadUrl).searchParams.get('token') ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'
    for (let at = 0; at < token.length; at++) {
      const others = at === token.length - 1 ? alphabet : 'AB_.' // the last one has bits that decode to nothing
      for (const other of others.replace(token[at] ?? '', '')) {
        const changed = uploadUrl.replace(token, `${token.slice(0, at)}${other}${token.slice(at + 1)}`)
        expect(() => signer.verifyUpload(changed)).toThrow(unauthorized)
      }
    }
  })

  test.each([
    ['for downloads does not upload', () => signer.verifyUpload(downloadUrl)],
    ['for uploads does not download', () => signer.verifyDownload(uploadUrl)],
    ['does not lead to another key', () => signer.verifyUpload(uploadUrl.replace('/atc_1?', '/atc_2?'))],
    ['without its last segment is refused', () => signer.verifyUpload(uploadUrl.replace('/atc_1?', '/?'))],
    ['without a token is refused', () => signer.verifyUpload(`${baseUrl}/atc_1`)],
    ['cut short is refused', () => signer.verifyUpload(uploadUrl.slice(0, -1))],
    ['with something appended is refused', () => signer.verifyUpload(`${uploadUrl}A`)],
  ])('%s', (_, verify) => {
    expect(verify).toThrow(unauthorized)
  })

  test('never verifies when it is made up', () => {
    fc.assert(
      fc.property(fc.string(), fc.base64String(), (body, signature) => {
        const token = `v1.${Buffer.from(body).toString('base64url')}.${signature.slice(0, 43)}`
        expect(() => signer.verifyUpload(`${baseUrl}/atc_1?token=${encodeURIComponent(token)}`)).toThrow(unauthorized)
      }),
    )
  })

  test('is expired when its time is over, to the millisecond', () => {
    const now = new Date()
    expect(() => signer.verifyUpload(signer.signUpload(key, { ...upload, expiresAt: now }).url)).toThrow(
      expect.objectContaining({ code: 'expired' }),
    )
    expect(() => signer.verifyDownload(signer.signDownload(key, { ...download, expiresAt: now }))).toThrow(
      expect.objectContaining({ code: 'expired' }),
    )
  })

  test('is told nothing of its time when it is not signed', () => {
    const other = new UrlSigner({ baseUrl, secret: 'another secret of at least thirty-two bytes' })
    const { url } = other.signUpload(key, { ...upload, expiresAt: new Date(0) })
    expect(() => signer.verifyUpload(url)).toThrow(unauthorized)
  })
})

describe('rotation', () => {
  const newer = 'a newer secret of more than thirty-two bytes'
  const rotated = new UrlSigner({ baseUrl, secret: [newer, secret] })

  test('verifies URLs of the older secret, and signs with the newer', () => {
    expect(rotated.verifyUpload(uploadUrl).key).toBe(key)
    const { url } = rotated.signUpload(key, upload)
    expect(new UrlSigner({ baseUrl, secret: newer }).verifyUpload(url).key).toBe(key)
    expect(() => signer.verifyUpload(url)).toThrow(unauthorized)
  })

  test('ends when the older secret is dropped', () => {
    expect(() => new UrlSigner({ baseUrl, secret: [newer] }).verifyUpload(uploadUrl)).toThrow(unauthorized)
  })
})

describe('options', () => {
  test.each([
    ['no secret', { baseUrl, secret: undefined }],
    ['an empty list of secrets', { baseUrl, secret: [] }],
    ['a secret of 31 bytes', { baseUrl, secret: 'x'.repeat(31) }],
    ['a short secret behind a long one', { baseUrl, secret: [secret, 'short'] }],
    ['no base URL', { baseUrl: undefined, secret }],
    ['a relative base URL', { baseUrl: '/files', secret }],
    ['a base URL of another protocol', { baseUrl: 'ftp://files.example', secret }],
    ['a base URL with a query', { baseUrl: 'https://files.example/?a=b', secret }],
  ])('%s is a mistake of configuration', (_, options) => {
    expect(() => new UrlSigner(options as never)).toThrow(expect.objectContaining({ code: 'configuration' }))
  })

  test('count secrets in bytes, and take a base URL with a slash at its end', () => {
    const kind = new UrlSigner({ baseUrl: 'http://127.0.0.1:8080/', secret: 'ü'.repeat(16) })
    expect(kind.signDownload(key, download)).toMatch(/^http:\/\/127\.0\.0\.1:8080\/atc_1\?/)
  })
})
