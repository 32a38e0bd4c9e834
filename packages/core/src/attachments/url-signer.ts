import { createHmac, timingSafeEqual } from 'node:crypto'
import { StorageError, UnauthorizedError } from '../policy/errors.ts'
import type { UploadDescriptor } from './attachment.ts'
import type { DownloadRequest, UploadClaims } from './blob-driver.ts'

export interface UrlSignerOptions {
  /** Where clients reach the handler of these URLs: an absolute http or https URL. */
  baseUrl: string
  /** At least 32 bytes, the same for all processes. Of several, the first signs and all verify: put a new one first. */
  secret: string | readonly string[]
}

/** What the URL of an upload allows. */
export type UploadGrant = UploadClaims & { readonly key: string }

/** What the URL of a download allows. */
export type DownloadGrant = DownloadRequest & { readonly key: string }

type Verb = 'put' | 'get'
type Payload<V extends Verb> = { readonly op: V; readonly key: string; readonly exp: number } & (V extends 'put'
  ? { readonly size: number; readonly type: string; readonly sha256?: string }
  : { readonly disposition: string; readonly type: string })

const minSecretBytes = 32

/**
 * Signs URLs for a backend that has none of its own, and verifies them: the token in the query says everything that is
 * allowed, and the last segment of the path is bound to its key. Options that cannot work: `configuration`.
 */
export class UrlSigner {
  readonly #baseUrl: string
  readonly #secrets: readonly [string, ...string[]]

  constructor(options: UrlSignerOptions) {
    this.#baseUrl = checkBaseUrl(options.baseUrl)
    this.#secrets = checkSecrets(options.secret)
  }

  /** A PUT of exactly these bytes; the same URL takes them as a form by POST. */
  signUpload(key: string, upload: UploadClaims): UploadDescriptor {
    const { size, type, sha256 } = upload
    const exp = upload.expiresAt.getTime() / 1000
    const url = this.#url({ op: 'put', key, exp, size, type, ...(sha256 === null ? {} : { sha256 }) })
    return { url, method: 'PUT', headers: { 'content-type': type } }
  }

  signDownload(key: string, download: DownloadRequest): string {
    const { disposition, type } = download
    return this.#url({ op: 'get', key, exp: download.expiresAt.getTime() / 1000, disposition, type })
  }

  /** What the URL allows to upload. Not signed for it: `unauthorized`; too late: `expired`. */
  verifyUpload(url: string): UploadGrant {
    const { key, exp, size, type, sha256 = null } = this.#verify(url, 'put')
    return { key, size, type, sha256, expiresAt: new Date(exp * 1000) }
  }

  /** What the URL allows to download. Not signed for it: `unauthorized`; too late: `expired`. */
  verifyDownload(url: string): DownloadGrant {
    const { key, exp, disposition, type } = this.#verify(url, 'get')
    return { key, disposition, type, expiresAt: new Date(exp * 1000) }
  }

  #url(payload: Payload<Verb>): string {
    const signed = `v1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    return `${this.#baseUrl}/${lastSegment(payload.key)}?token=${signed}.${hmac(this.#secrets[0], signed)}`
  }

  #verify<V extends Verb>(url: string, op: V): Payload<V> {
    const { pathname, searchParams } = new URL(url)
    const [, signed, body, signature] = /^(v1\.([\w-]+))\.([\w-]{43})$/.exec(searchParams.get('token') ?? '') ?? []
    if (!signed || !body || !signature) throw notSigned()
    if (!this.#secrets.some((secret) => isSame(hmac(secret, signed), signature))) throw notSigned()
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as Payload<V>
    if (payload.op !== op || lastSegment(payload.key) !== lastSegment(pathname)) throw notSigned()
    if (payload.exp * 1000 <= Date.now()) throw new StorageError('expired', 'the time of this URL is over')
    return payload
  }
}

function checkBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  }
  throw new StorageError('configuration', 'option baseUrl must be an absolute http or https URL without query')
}

function checkSecrets(secret: unknown): [string, ...string[]] {
  const [first, ...others] = Array.isArray(secret) ? secret : [secret]
  if ([first, ...others].every((one) => typeof one === 'string' && Buffer.byteLength(one) >= minSecretBytes)) {
    return [first, ...others]
  }
  throw new StorageError('configuration', `option secret must be ${minSecretBytes} bytes or longer, or a list of such`)
}

function hmac(secret: string, signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url')
}

/** Compares the text, not the bytes it stands for: the last character of base64url has bits that decode to nothing. */
function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given))
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function notSigned(): UnauthorizedError {
  return new UnauthorizedError('this URL is not signed for this request')
}
