import type { Attachment } from '@threadkeep/core'
import type { LedgerEntry } from '@threadkeep/core/driver'
import type { UploadRecord } from './upload-record.ts'

/**
 * The private half of an upload: what was claimed, by whom, and how it went. Kept as JSON text in the ledger.
 * @internal
 */
export interface UploadState {
  readonly status: 'uploading' | 'complete' | 'failed' | 'deleted'
  /** The actor who created it; `null` when the server wrote the bytes itself. */
  readonly uploadedBy: string | null
  /** ISO. */
  readonly uploadedAt: string
  /** From when on no upload can begin any more, ISO. */
  readonly expiresAt: string
  /** In bytes, as claimed. */
  readonly size: number
  /** As claimed, or as corrected. */
  readonly type: string
  /** What the first bytes look like, when that is not what was claimed. */
  readonly detectedType?: string
  /** Lowercase hex, when the client gave one. */
  readonly sha256: string | null
  /** Why it failed. */
  readonly reason: string | null
  /** How many messages hold it, of those that came since a sweep last saw its thread. */
  readonly holders?: number
  /** Ids of all messages that may have it; `null` when they are too many to be kept. */
  readonly messages?: readonly string[] | null
  /** Whether one of them was deleted since a sweep looked for the others. */
  readonly released?: boolean
}

/** An attachment whose upload is known. @internal */
export interface Upload {
  readonly entry: LedgerEntry
  readonly state: UploadState
}

/**
 * Its state; `undefined` for a record that was saved without an upload, such as that of bytes the server wrote.
 * @internal
 */
export function stateOf(entry: LedgerEntry): UploadState | undefined {
  return entry.state === '' ? undefined : (JSON.parse(entry.state) as UploadState)
}

/** Of bytes that the server wrote itself, nothing was claimed. @internal */
export function written(size: number, type: string): UploadState {
  const now = new Date().toISOString()
  const nobody = { uploadedBy: null, sha256: null, reason: null }
  return { status: 'uploading', uploadedAt: now, expiresAt: now, size, type, ...nobody }
}

/** What people may know of it. @internal */
export function toRecord({ entry: { attachment }, state }: Upload): UploadRecord {
  const { detectedType } = state
  return {
    id: attachment.id,
    fileName: attachment.name,
    fileSize: state.size,
    mimeType: state.type,
    ...(detectedType && { detectedType }),
    status: state.status === 'deleted' ? 'failed' : state.status,
    reason: state.reason,
    uploadedBy: state.uploadedBy,
    uploadedAt: state.uploadedAt,
  }
}

/** The attachment, of the type its bytes have when that was corrected. @internal */
export function attachmentOf<T extends Attachment>(attachment: T, { type, detectedType }: UploadState): Attachment {
  if (type !== detectedType) return attachment
  return { ...attachment, type: kindOf(type), mime_type: type } as Attachment
}

/** @internal */
export function kindOf(mimeType: string): Attachment['type'] {
  return mimeType.startsWith('image/') ? 'image' : 'file'
}
