import { generateId } from '../policy/ids.ts'
import type { Finding } from '../store/finding.ts'
import type { Attachment, AttachmentCreateParams } from './attachment.ts'

/**
 * The bytes of attachments: where a client uploads them, and where a server reads and removes them. The context of every
 * call names the tenant; what belongs to another tenant does not exist.
 *
 * Every method rejects with a `StorageError`: `invalid_argument` before anything is sent, `unavailable` or `timeout`
 * when the backend cannot answer.
 */
export abstract class AttachmentStore<TContext = unknown> {
  /** A new attachment id: `atc_` and 128 random bits, because whoever knows it may ask for it. */
  generateAttachmentId(_mimeType: string, _context: TContext): string {
    return generateId('attachment')
  }

  /**
   * Names a new attachment and says how to upload its bytes; nothing is stored. A store that only removes bytes rejects
   * with `not_supported`. Larger than allowed: `too_large`; of another type: `unsupported_type`.
   */
  abstract createAttachment(params: AttachmentCreateParams, context: TContext): Promise<Attachment>

  /** Removes the bytes; silent when absent. */
  abstract deleteAttachment(attachmentId: string, context: TContext): Promise<void>

  /** Prepares the backend. Safe twice, and from many processes at once. */
  async setup(): Promise<void> {}

  /** Resolves when the backend answers. */
  async ping(): Promise<void> {}

  /** What a person should know about this backend, in words. */
  async check(): Promise<Finding[]> {
    return []
  }

  /** Closes what this store opened itself; a client that was given stays open. */
  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
