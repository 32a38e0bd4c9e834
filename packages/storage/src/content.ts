import { type Attachment, StorageError } from '@threadkeep/core'
import { base64Of, bytesOf, type ContentInput, typeOfDataUrl } from './content-bytes.ts'
import { kindOf } from './upload-state.ts'

export type ContentStatus = 'pending' | 'stored' | 'failed'

type Maybe<T> = T | null | undefined

/** What a content is made of. */
export interface ContentInit {
  /** The file's own name; it is never changed. */
  filename: string
  /** Bytes, strict base64, or a `data:` URL. */
  content?: Maybe<ContentInput>
  /** Default: that of the data URL, else `application/octet-stream`. */
  mimeType?: Maybe<string>
  /** Whatever was made of the file, such as its text. */
  processedContent?: Maybe<Record<string, unknown>>
  /** The attachment that holds the bytes; then the content is stored. */
  fileId?: Maybe<string>
  /** Where the bytes are below the URL of files. */
  storagePath?: Maybe<string>
  /** The service that holds the bytes. */
  storageBackend?: Maybe<string>
  /** Default `pending`; `stored` with a `fileId`. */
  status?: Maybe<ContentStatus>
}

/** A content as JSON. */
export interface ContentRecord {
  filename: string
  mime_type: string | null
  processed_content: Record<string, unknown> | null
  file_id: string | null
  storage_path: string | null
  storage_backend: string | null
  status: ContentStatus
  /** Base64; `null` when the bytes are stored, or when there are none. */
  content: string | null
}

/** Where one content is stored. @internal */
export interface ContentHome {
  readonly scope: string
  readonly backend: string | undefined
  readonly filesUrl: string
  /** Stores the bytes as an attachment, whose type may be corrected. */
  put(name: string, type: string, bytes: Uint8Array): Promise<Attachment>
  /** None: `object_missing`. */
  get(fileId: string): Promise<Uint8Array>
  /** Hides what no message holds. */
  drop(fileId: string): Promise<void>
}

/** A file of the server's own: made in memory, stored once, and then an attachment like any other. */
export class Content {
  filename: string
  content: ContentInput | undefined
  mimeType: string | undefined
  processedContent: Record<string, unknown> | undefined
  fileId: string | undefined
  storagePath: string | undefined
  storageBackend: string | undefined
  status: ContentStatus
  readonly #home: ContentHome
  #storing: Promise<void> | undefined

  /** @internal */
  constructor(init: ContentInit, home: ContentHome) {
    this.filename = init.filename
    this.content = init.content ?? undefined
    this.mimeType = init.mimeType ?? typeOfDataUrl(this.content)
    this.processedContent = init.processedContent ?? undefined
    this.fileId = init.fileId ?? undefined
    this.storagePath = init.storagePath ?? undefined
    this.storageBackend = init.storageBackend ?? undefined
    this.status = init.status ?? (this.fileId === undefined ? 'pending' : 'stored')
    this.#home = home
  }

  /** The tenant it is stored for. */
  get scope(): string {
    return this.#home.scope
  }

  /**
   * Stores the bytes once, however often and from wherever it is called at the same time; `force` stores them again, under
   * a new id. When that fails the status is `failed`, the content is kept, and the next call tries again. Neither bytes
   * nor text: `object_missing`; too large or of another type than allowed: `too_large`, `unsupported_type`.
   */
  async ensureStored({ force = false }: { force?: boolean } = {}): Promise<void> {
    if (this.fileId !== undefined && this.status !== 'failed' && !force) return
    this.#storing ??= this.#store().finally(() => {
      this.#storing = undefined
    })
    return this.#storing
  }

  /** The bytes: from the backend once stored, else from the content. None: `object_missing`. */
  async getContentBytes(): Promise<Uint8Array> {
    if (this.fileId !== undefined) return this.#home.get(this.fileId)
    if (this.content !== undefined) return bytesOf(this.content)
    throw new StorageError('object_missing', `content ${this.filename} has neither bytes nor a stored file`)
  }

  /** Notes in the processed content where to read the stored file; before it is stored, nothing. */
  updateProcessedContentWithUrl(): void {
    if (this.storagePath === undefined) return
    this.processedContent = { ...this.processedContent, url: `${this.#home.filesUrl}/${this.storagePath}` }
  }

  /** Removes the stored bytes, unless a message holds them: the content is pending again. */
  async unstore(): Promise<void> {
    const { fileId } = this
    if (fileId === undefined) return
    const { url, ...processed } = this.processedContent ?? {}
    this.processedContent = Object.keys(processed).length > 0 ? processed : undefined
    this.fileId = this.storagePath = this.storageBackend = undefined
    this.status = 'pending'
    await this.#home.drop(fileId)
  }

  /** The record of the stored file, as messages carry it. */
  toAttachment(): Attachment {
    if (this.fileId === undefined) {
      throw new StorageError('object_missing', `content ${this.filename} is not stored yet`)
    }
    const mime_type = this.#type
    return { type: kindOf(mime_type), id: this.fileId, name: this.filename, mime_type } as Attachment
  }

  toJSON(): ContentRecord {
    return {
      filename: this.filename,
      mime_type: this.mimeType ?? null,
      processed_content: this.processedContent ?? null,
      file_id: this.fileId ?? null,
      storage_path: this.storagePath ?? null,
      storage_backend: this.storageBackend ?? null,
      status: this.status,
      content: this.fileId === undefined ? base64Of(this.content) : null,
    }
  }

  get #type(): string {
    return (this.mimeType ?? '').split(';')[0]?.trim().toLowerCase() || 'application/octet-stream'
  }

  async #store(): Promise<void> {
    const before = this.fileId
    try {
      const bytes = this.content === undefined ? await this.getContentBytes() : bytesOf(this.content)
      const stored = await this.#home.put(this.filename, this.#type, bytes)
      this.mimeType = stored.mime_type
      this.fileId = this.storagePath = stored.id
    } catch (error) {
      this.status = 'failed'
      throw error
    }
    this.storageBackend = this.#home.backend
    this.status = 'stored'
    this.updateProcessedContentWithUrl()
    if (before !== undefined) await this.#home.drop(before)
  }
}
