/** What people may know of an upload. */
export interface UploadRecord {
  readonly id: string
  readonly fileName: string
  /** In bytes. */
  readonly fileSize: number
  readonly mimeType: string
  /** What the bytes look like to the option `detectType`; only when that is not what was announced. */
  readonly detectedType?: string
  readonly status: 'uploading' | 'complete' | 'failed'
  /** Why it failed; else `null`. */
  readonly reason: string | null
  /** The actor who created it; `null` when the server wrote the bytes itself. */
  readonly uploadedBy: string | null
  /** When it was created, ISO. */
  readonly uploadedAt: string
}
