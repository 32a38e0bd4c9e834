import type { LedgerEntry } from '@threadkeep/core/driver'
import type { UploadRecord } from './upload-record.ts'

/** The private half of an upload: what was claimed, by whom, and how it went. Kept as JSON text in the ledger. */
export interface UploadState {
  readonly status: 'uploading' | 'complete' | 'failed' | 'deleted'
  /** The actor who created it; `null` when the server wrote the bytes itself. */
  readonly uploadedBy: string | null
  /** ISO. */
  readonly uploadedAt: string
  /** When the upload URL stops taking bytes, ISO. */
  readonly expiresAt: string
  /** In bytes, as claimed. */
  readonly size: number
  readonly type: string
  /** Lowercase hex, when the client gave one. */
  readonly sha256: string | null
  /** Why it failed. */
  readonly reason: string | null
}

/** An attachment whose upload is known. */
export interface Upload {
  readonly entry: LedgerEntry
  readonly state: UploadState
}

/** Its state; `undefined` for a record that was saved without an upload, such as that of bytes the server wrote. */
export function stateOf(entry: LedgerEntry): UploadState | undefined {
  return entry.state === '' ? undefined : (JSON.parse(entry.state) as UploadState)
}

export function toRecord({ entry: { attachment }, state }: Upload): UploadRecord {
  return {
    id: attachment.id,
    fileName: attachment.name,
    fileSize: state.size,
    mimeType: state.type,
    status: state.status === 'deleted' ? 'failed' : state.status,
    reason: state.reason,
    uploadedBy: state.uploadedBy,
    uploadedAt: state.uploadedAt,
  }
}
