import { AttachmentNotFoundError, StorageError } from '@threadkeep/core'
import { downloadResponse, presentation, Refusal } from '@threadkeep/core/driver'
import type { Storage } from './create-storage.ts'
import { answering, type Handler, identify } from './error-response.ts'
import type { StoredFile } from './stored-file.ts'

export interface FilesHandlerOptions<TContext> {
  /** Who asks; when it throws, the answer is 403. */
  context: (request: Request) => TContext | Promise<TContext>
  /**
   * Answers a GET with 302 and a fresh signed URL instead of the bytes, which then do not pass through this server. Pages
   * must be allowed to load from the bucket, and whoever has that URL can use it until it expires. Default `false`.
   */
  redirect?: boolean
}

/**
 * A fetch-style handler for the permanent URL of an attachment, `/files/{id}`: GET and HEAD by whoever belongs to its
 * tenant, with ranges and conditions. Only the last segment of the path counts. What is missing, incomplete, failed,
 * deleted or somebody else's is 404. What browsers could run is downloaded and not shown.
 */
export function filesHandler<TContext>(
  storage: Storage<TContext>,
  { context, redirect = false }: FilesHandlerOptions<TContext>,
): Handler {
  return answering(async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new Refusal(405, 'not_supported', 'send a GET or HEAD request', { allow: 'GET, HEAD' })
    }
    const asker = await identify(request, context)
    const file = await storage.uploads.file(idOf(request), asker).catch(asMissing)
    // The signature of a URL is good for one verb.
    return redirect && request.method === 'GET' ? redirectTo(file) : stream(request, file)
  })
}

/** What it does not give, it does not tell apart either. */
const hidden = new Set([
  'not_found',
  'invalid_argument',
  'object_missing',
  'conflict',
  'checksum_mismatch',
  'unsupported_type',
])

/** Asked for again each time, because a file may be deleted; its ETag saves the bytes. */
function stream(request: Request, file: StoredFile): Promise<Response> {
  const { name, mime_type } = file.attachment
  const { signal } = request
  return downloadResponse(request, {
    ...presentation(name, mime_type, 'inline'),
    cacheControl: 'private, no-cache',
    resourcePolicy: 'same-site',
    head: () => file.head().catch(asMissing),
    read: (range) => file.read({ range, signal }).catch(asMissing),
  })
}

async function redirectTo(file: StoredFile): Promise<Response> {
  const headers = { location: await file.url('inline'), 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  return new Response(null, { status: 302, headers })
}

function idOf({ url }: Request): string {
  const { pathname } = new URL(url)
  return pathname.slice(pathname.lastIndexOf('/') + 1)
}

function asMissing(error: unknown): never {
  throw isHidden(error) ? notFound() : error
}

function isHidden(error: unknown): boolean {
  return error instanceof StorageError && hidden.has(error.code)
}

function notFound(): AttachmentNotFoundError {
  return new AttachmentNotFoundError('there is no such file')
}
