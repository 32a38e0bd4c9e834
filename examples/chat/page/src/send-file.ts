import { UploadError, uploadFile } from '@threadkeep/storage/browser'
import { identityHeaders } from './identity.ts'
import type { Attachment, CreatedAttachment } from './protocol.ts'
import { ask, post, RequestError, sentence, unreachable } from './request.ts'

interface SendFileOptions {
  signal: AbortSignal
  /** Called with the fraction of the bytes that left, 0 to 1. */
  onProgress: (fraction: number) => void
}

/**
 * Registers a file, uploads its bytes and says that they are complete. When that fails or is aborted, the server is told
 * so, and this rejects with a `RequestError`.
 */
export async function sendFile(file: File, options: SendFileOptions): Promise<Attachment> {
  try {
    const mime_type = file.type || 'application/octet-stream'
    const created = await ask<CreatedAttachment>('attachments.create', { name: file.name, size: file.size, mime_type })
    await uploadFile(created, file, { ...options, complete: '/attachments', headers: identityHeaders() })
    const { upload_descriptor, ...attachment } = created
    return attachment
  } catch (error) {
    throw error instanceof UploadError || error instanceof RequestError ? refusal(error) : error
  }
}

/** Removes a file that was uploaded but never sent. */
export async function discardFile(id: string): Promise<void> {
  await post('/attachments', { method: 'attachment.delete', params: { id } }).catch(() => {})
}

/** Why the file was not taken, in words. */
function refusal({ status, message }: UploadError | RequestError): RequestError {
  if (status === 0) return unreachable()
  if (status === 413) return new RequestError('This file is too large.', status)
  if (status === 415) return new RequestError('Files of this type are not accepted.', status)
  return new RequestError(sentence(message), status)
}
