import type { Calls } from '../policy/calls.ts'
import { AttachmentNotFoundError } from '../policy/errors.ts'
import type { BlobDriver, BlobInfo } from './blob-driver.ts'
import { downloadBody } from './download-body.ts'
import { isKnown, requestedRange } from './requested-range.ts'
import type { DownloadGrant } from './url-signer.ts'

/** Answers signed downloads, as if the bytes came from a stranger: no browser may run what they contain. */
export class DownloadHandler {
  readonly #driver: BlobDriver
  readonly #calls: Calls
  readonly #timeoutMs: number
  readonly #resourcePolicy: string

  constructor(driver: BlobDriver, calls: Calls, timeoutMs: number, resourcePolicy: string) {
    this.#driver = driver
    this.#calls = calls
    this.#timeoutMs = timeoutMs
    this.#resourcePolicy = resourcePolicy
  }

  /** HEAD is told what GET would be told of the whole. */
  async answer(request: Request, grant: DownloadGrant): Promise<Response> {
    const info = await this.#calls.run('headAttachment', () => this.#driver.head(grant.key))
    if (!info) throw notFound()
    const headers = this.#headers(grant, info)
    if (isKnown(request.headers, info)) return new Response(null, { status: 304, headers })
    if (request.method === 'HEAD') return new Response(null, { headers: { ...headers, ...wholeOf(grant, info) } })
    const range = requestedRange(request.headers, info)
    const options = { range, signal: request.signal }
    const content = await this.#calls.runAbortable('readAttachment', request.signal, () =>
      this.#driver.read(grant.key, options),
    )
    if (!content) throw notFound()
    const body = downloadBody(content.body, this.#driver, this.#timeoutMs, request.signal)
    if (!range) return new Response(body, { headers: { ...headers, ...wholeOf(grant, content) } })
    return new Response(body, { status: 206, headers: { ...headers, ...partOf(grant, content, range) } })
  }

  #headers({ expiresAt }: DownloadGrant, info: BlobInfo): Record<string, string> {
    return {
      'accept-ranges': 'bytes',
      'cache-control': `private, max-age=${Math.floor((expiresAt.getTime() - Date.now()) / 1000)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': this.#resourcePolicy,
      etag: `"${info.etag}"`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    }
  }
}

function wholeOf({ type, disposition }: DownloadGrant, { size }: BlobInfo): Record<string, string> {
  return { 'content-type': type, 'content-disposition': disposition, 'content-length': String(size) }
}

function partOf(grant: DownloadGrant, info: BlobInfo, range: { start: number; end: number }): Record<string, string> {
  return {
    ...wholeOf(grant, info),
    'content-length': String(range.end - range.start + 1),
    'content-range': `bytes ${range.start}-${range.end}/${info.size}`,
  }
}

function notFound(): AttachmentNotFoundError {
  return new AttachmentNotFoundError('there are no bytes')
}
