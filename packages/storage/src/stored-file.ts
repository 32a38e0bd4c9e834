import { type Attachment, type BlobContent, type BlobInfo, type ByteRange, StorageError } from '@threadkeep/core'
import type { Objects } from '@threadkeep/core/driver'

/** @internal */
type Bytes = Pick<Objects, 'head' | 'read' | 'signDownload' | 'expiresIn'>

/** A usable attachment with its bytes, for whoever serves or reads them. */
export class StoredFile {
  /** Its record, without any URL. */
  readonly attachment: Attachment
  readonly #objects: Bytes
  readonly #scope: string

  /** @internal */
  constructor(objects: Bytes, scope: string, attachment: Attachment) {
    this.attachment = attachment
    this.#objects = objects
    this.#scope = scope
  }

  /** What is known of the bytes. None: `object_missing`. */
  async head(): Promise<BlobInfo> {
    return this.#there(await this.#objects.head(this.#scope, this.attachment.id))
  }

  /** The bytes, or a range of them, as a stream. None: `object_missing`. */
  async read(options: { range?: ByteRange | null; signal?: AbortSignal } = {}): Promise<BlobContent> {
    const { range = null, signal = null } = options
    return this.#there(await this.#objects.read(this.#scope, this.attachment.id, { range, signal }))
  }

  /** A URL that gives the bytes to whoever has it, for as long as the attachment store signs. */
  async url(disposition: 'inline' | 'attachment'): Promise<string> {
    const { id, name, mime_type: type } = this.attachment
    const expiresAt = new Date(Date.now() + this.#objects.expiresIn * 1000)
    return this.#objects.signDownload(this.#scope, id, { name, type, disposition, expiresAt })
  }

  #there<T>(found: T | undefined): T {
    if (found !== undefined) return found
    throw new StorageError('object_missing', `attachment ${this.attachment.id} has no bytes`)
  }
}
