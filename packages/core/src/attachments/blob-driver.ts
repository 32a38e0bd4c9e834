import type { ErrorCode } from '../policy/errors.ts'
import type { Finding } from '../store/finding.ts'
import type { UploadDescriptor } from './attachment.ts'

/**
 * The few commands a file backend needs to be an attachment store. `DriverAttachmentStore` puts the rules in front of it.
 *
 * Everything a driver is given is checked: keys are made of `a-z 0-9 _ - = ~ A-Z` and `/`, sizes are whole bytes, times
 * lie in the future. Everything it throws is raw; `classify` sorts it.
 */
export interface BlobDriver {
  /** The service's name in lowercase, for messages and observation. */
  readonly name: string
  /** What a signed upload refuses by itself; the rest is verified afterwards. */
  readonly enforces: Enforces

  /** One request that stores the bytes under the key, create-only where the backend can. */
  signUpload(key: string, upload: UploadClaims): Promise<UploadDescriptor>
  /** A URL that gives the bytes to whoever has it, until it expires. */
  signDownload(key: string, download: DownloadRequest): Promise<string>
  /** `undefined` when there is no such object. */
  head(key: string): Promise<BlobInfo | undefined>
  /** `undefined` when there is no such object. What a range that starts past the end gives is not used. The stream is lazy. */
  read(key: string, options: ReadOptions): Promise<BlobContent | undefined>
  /**
   * Stores the whole stream, or nothing: an existing object, a failing stream and an abort leave the key as it was.
   * An existing object throws what `classify` calls `conflict`.
   */
  write(key: string, body: ReadableStream<Uint8Array>, options: WriteOptions): Promise<BlobInfo>
  /** Removes the object with all its versions; silent when absent. */
  delete(key: string): Promise<void>
  /** Keys that begin with `prefix`, which ends in `/`, in an order of the backend's own, after the key `after`. */
  list(prefix: string, range: { readonly after: string | null; readonly limit: number }): Promise<string[]>

  setup?(): Promise<void>
  ping?(): Promise<void>
  check?(): Promise<Finding[]>
  close?(): Promise<void>
  /** The code of an error that this driver threw; `undefined` for one it does not know. */
  classify?(error: unknown): ErrorCode | undefined
}

/** Each true when the backend itself refuses a signed upload that differs. */
export interface Enforces {
  readonly size: boolean
  readonly type: boolean
  /** Only for uploads created with a `sha256`. */
  readonly checksum: boolean
  /** A second upload to the same key is refused. */
  readonly createOnly: boolean
}

export interface UploadClaims {
  /** In bytes. */
  readonly size: number
  /** A media type, lowercase. */
  readonly type: string
  /** Lowercase hex. */
  readonly sha256: string | null
  readonly expiresAt: Date
}

export interface DownloadRequest {
  /** The whole `Content-Disposition` header to answer with. */
  readonly disposition: string
  /** The `Content-Type` to answer with. */
  readonly type: string
  readonly expiresAt: Date
}

/** What is known of stored bytes. */
export interface BlobInfo {
  /** In bytes, of the whole. */
  readonly size: number
  /** The media type it was stored with. */
  readonly type: string
  /** Changes whenever the bytes do; without quotes. */
  readonly etag: string
  /** Lowercase hex, where the backend knows it. */
  readonly sha256?: string
}

export interface BlobContent extends BlobInfo {
  readonly body: ReadableStream<Uint8Array>
}

/** In bytes, as in HTTP: `end` is inclusive, `last` counts from the end. */
export type ByteRange = { readonly start: number; readonly end?: number } | { readonly last: number }

export interface ReadOptions {
  readonly range: ByteRange | null
  readonly signal: AbortSignal | null
}

export interface WriteOptions {
  /** A media type, lowercase. */
  readonly type: string
  /** The file's own name, for whoever looks into the backend; never part of a key. */
  readonly name: string | null
  /** In bytes; `null` for a stream of unknown length. */
  readonly size: number | null
  readonly signal: AbortSignal | null
}
