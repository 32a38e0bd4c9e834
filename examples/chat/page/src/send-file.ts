import type { Attachment, CreatedAttachment, UploadDescriptor } from './protocol.ts'
import { ask, post, RequestError, unreachable } from './request.ts'

interface SendFileOptions {
  signal: AbortSignal
  /** Called with the fraction of the bytes that left, 0 to 1. */
  onProgress: (fraction: number) => void
}

/**
 * Registers a file, uploads its bytes and says that they are complete. When that fails or is aborted, the server is told
 * so, and this rejects.
 */
export async function sendFile(file: File, { signal, onProgress }: SendFileOptions): Promise<Attachment> {
  const { upload_descriptor, ...attachment } = await register(file)
  try {
    signal.throwIfAborted()
    if (!upload_descriptor) throw new RequestError('The server takes no uploads.', 0)
    await putBytes(upload_descriptor, file, signal, onProgress)
    await tell('attachment.complete', { id: attachment.id }, signal)
  } catch (error) {
    const reason = signal.aborted ? 'canceled' : error instanceof Error ? error.message : 'failed'
    // The upload has failed already; whether the server hears of it changes nothing for the person.
    await tell('attachment.fail', { id: attachment.id, reason }).catch(() => {})
    throw error
  }
  return attachment
}

/** Removes a file that was uploaded but never sent. */
export async function discardFile(id: string): Promise<void> {
  await tell('attachment.delete', { id }).catch(() => {})
}

async function register({ name, size, type }: File): Promise<CreatedAttachment> {
  try {
    return await ask('attachments.create', { name, size, mime_type: type || 'application/octet-stream' })
  } catch (error) {
    throw error instanceof RequestError ? refusal(error.status, error.message) : error
  }
}

/** `fetch` cannot tell how much it has sent; XMLHttpRequest can. */
function putBytes(to: UploadDescriptor, file: File, signal: AbortSignal, onProgress: (fraction: number) => void) {
  return new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(to.method, to.url)
    for (const [name, value] of Object.entries(to.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 1)
    request.onload = () =>
      request.status < 300 ? resolve() : reject(refusal(request.status, `The upload was refused (${request.status}).`))
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function refusal(status: number, otherwise: string): RequestError {
  if (status === 413) return new RequestError('This file is too large.', status)
  if (status === 415) return new RequestError('Files of this type are not accepted.', status)
  return new RequestError(otherwise, status)
}

/** Not every server wants to be told. */
async function tell(method: string, params: object, signal: AbortSignal | null = null): Promise<void> {
  try {
    await post('/attachments', { method, params }, signal)
  } catch (error) {
    if (error instanceof RequestError && (error.status === 404 || error.status === 501)) return
    throw error
  }
}
