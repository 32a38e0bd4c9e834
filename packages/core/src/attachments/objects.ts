import type { BlobContent, BlobInfo, Enforces, ReadOptions } from './blob-driver.ts'

/**
 * The second face of an attachment store, for a storage: objects addressed by scope instead of context. Its methods
 * reject like those of an attachment store.
 */
export interface Objects<TContext = unknown> {
  readonly enforces: Enforces
  /** The service's name in lowercase, where it is known. */
  readonly backend?: string
  /** How long the URL of a new attachment takes bytes, in seconds. */
  readonly expiresIn: number
  /** The checked scope of a context. */
  scopeOf(context: TContext): string
  /** A URL to the bytes; of a type that is not safe to show, they are always downloaded. */
  signDownload(scope: string, attachmentId: string, request: ObjectUrlRequest): Promise<string>
  /** `undefined` when there are no bytes. */
  head(scope: string, attachmentId: string): Promise<BlobInfo | undefined>
  /** `undefined` when there are no bytes. */
  read(scope: string, attachmentId: string, options: ReadOptions): Promise<BlobContent | undefined>
  /** Silent when absent. */
  delete(scope: string, attachmentId: string): Promise<void>
}

export interface ObjectUrlRequest {
  /** The name to save it under. */
  readonly name: string
  readonly type: string
  readonly disposition: 'inline' | 'attachment'
  readonly expiresAt: Date
}

/** Detected by shape, so that copies of packages agree. */
export function hasObjects<TContext>(attachments: object): attachments is { readonly objects: Objects<TContext> } {
  return 'objects' in attachments && typeof attachments.objects === 'object' && attachments.objects !== null
}
