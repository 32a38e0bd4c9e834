import { Calls } from '../policy/calls.ts'
import { attachmentsChannel } from '../policy/observe.ts'
import { defaultTimeoutMs, UnderWay } from '../policy/under-way.ts'
import type { BlobDriver } from './blob-driver.ts'
import { Cors } from './cors.ts'
import { downloadBody } from './download-body.ts'
import { downloadResponse } from './download-response.ts'
import { errorResponse, Refusal } from './refusal.ts'
import { UploadHandler } from './upload-handler.ts'
import type { DownloadGrant, UrlSigner } from './url-signer.ts'

/** Answers one HTTP request; it never rejects. */
export type BlobHandler = (request: Request) => Promise<Response>

export interface BlobHandlerOptions {
  /** Whose pages may upload and read: origins such as `https://app.example`, or `'*'`. Default: those of its own. */
  origins?: readonly string[]
  /** How long the backend may take to answer or to take the next bytes, in milliseconds. Default 10,000. */
  timeoutMs?: number
}

/**
 * Serves the signed URLs of a driver that has no service to serve them: PUT and POST upload, GET and HEAD download.
 * Mount it at the signer's `baseUrl`; only the last segment of the path counts.
 */
export function blobHandler(driver: BlobDriver, signer: UrlSigner, options: BlobHandlerOptions = {}): BlobHandler {
  const { timeoutMs = defaultTimeoutMs } = options
  const cors = new Cors(options.origins)
  const calls = new Calls(driver, attachmentsChannel, timeoutMs)
  const underWay = new UnderWay(timeoutMs)
  const uploads = new UploadHandler(driver, calls, timeoutMs)

  const download = (request: Request, { key, type, disposition, expiresAt }: DownloadGrant): Promise<Response> => {
    const { signal } = request
    return downloadResponse(request, {
      type,
      disposition,
      cacheControl: `private, max-age=${Math.floor((expiresAt.getTime() - Date.now()) / 1000)}`,
      resourcePolicy: cors.resourcePolicy,
      head: () => calls.run('headAttachment', () => driver.head(key)),
      read: async (range) => {
        const content = await calls.runAbortable('readAttachment', signal, () => driver.read(key, { range, signal }))
        return content && { ...content, body: downloadBody(content.body, driver, underWay, signal) }
      },
    })
  }
  const answer = async (request: Request): Promise<Response> => {
    switch (request.method) {
      case 'PUT':
      case 'POST':
        return uploads.answer(request, signer.verifyUpload(request.url))
      case 'GET':
      case 'HEAD':
        return download(request, signer.verifyDownload(request.url))
      case 'OPTIONS':
        return cors.preflight(request)
      default:
        throw new Refusal(405, 'not_supported', 'GET, HEAD, PUT and POST are answered', { allow: verbs })
    }
  }
  return async (request) => cors.allow(request, await answer(request).catch(errorResponse))
}

const verbs = 'GET, HEAD, OPTIONS, POST, PUT'
