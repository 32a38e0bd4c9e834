import { AttachmentNotFoundError } from '../policy/errors.ts'
import type { BlobContent, BlobInfo, ByteRange } from './blob-driver.ts'
import { isKnown, requestedRange } from './requested-range.ts'

/** What is downloaded, and how it is to be shown. */
export interface Download {
  /** The `Content-Type` and the `Content-Disposition` to answer with. */
  readonly type: string
  readonly disposition: string
  readonly cacheControl: string
  /** Which pages may embed it, as `Cross-Origin-Resource-Policy` says it. */
  readonly resourcePolicy: string
  /** `undefined` when there are no bytes. */
  head(): Promise<BlobInfo | undefined>
  /** `undefined` when there are no bytes. */
  read(range: ByteRange | null): Promise<BlobContent | undefined>
}

/**
 * The answer to a GET or HEAD, as if the bytes came from a stranger: no browser may run what they contain. HEAD is told
 * what GET would be told of the whole. No bytes: `AttachmentNotFoundError`; a range past their end: a `Refusal`.
 */
export async function downloadResponse(request: Request, download: Download): Promise<Response> {
  const info = await download.head()
  if (!info) throw notFound()
  const headers = headersOf(download, info)
  if (isKnown(request.headers, info)) return new Response(null, { status: 304, headers })
  if (request.method === 'HEAD') return new Response(null, { headers: { ...headers, ...wholeOf(download, info) } })
  const range = requestedRange(request.headers, info)
  const content = await download.read(range)
  if (!content) throw notFound()
  if (!range) return new Response(content.body, { headers: { ...headers, ...wholeOf(download, content) } })
  return new Response(content.body, { status: 206, headers: { ...headers, ...partOf(download, content, range) } })
}

function headersOf({ cacheControl, resourcePolicy }: Download, info: BlobInfo): Record<string, string> {
  return {
    'accept-ranges': 'bytes',
    'cache-control': cacheControl,
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': resourcePolicy,
    etag: `"${info.etag}"`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

function wholeOf({ type, disposition }: Download, { size }: BlobInfo): Record<string, string> {
  return { 'content-type': type, 'content-disposition': disposition, 'content-length': String(size) }
}

function partOf(
  download: Download,
  info: BlobInfo,
  { start, end }: { start: number; end: number },
): Record<string, string> {
  return {
    ...wholeOf(download, info),
    'content-length': String(end - start + 1),
    'content-range': `bytes ${start}-${end}/${info.size}`,
  }
}

function notFound(): AttachmentNotFoundError {
  return new AttachmentNotFoundError('there are no bytes')
}
