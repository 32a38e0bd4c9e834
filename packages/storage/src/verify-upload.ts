import { createHash } from 'node:crypto'
import { type BlobInfo, StorageError } from '@threadkeep/core'
import type { LedgerEntry, Objects } from '@threadkeep/core/driver'
import type { UploadState } from './upload-state.ts'

/** What is known of the bytes; none yet: `object_missing`. */
export async function requireBytes<TContext>(objects: Objects<TContext>, entry: LedgerEntry): Promise<BlobInfo> {
  const info = await objects.head(entry.scope, entry.attachment.id)
  if (info) return info
  throw new StorageError('object_missing', `attachment ${entry.attachment.id} has not been uploaded`)
}

/** What is wrong with the bytes; `undefined` when they are what was claimed. Checked ones are not read again. */
export async function uploadFault<TContext>(
  objects: Objects<TContext>,
  { scope, attachment }: LedgerEntry,
  claims: UploadState,
  info: BlobInfo,
): Promise<StorageError | undefined> {
  if (info.size !== claims.size) {
    return new StorageError('checksum_mismatch', `${info.size} bytes were uploaded, not the ${claims.size} announced`)
  }
  if (info.type !== claims.type) {
    return new StorageError('unsupported_type', `${info.type} was uploaded, not the ${claims.type} announced`)
  }
  if (claims.sha256 === null || objects.enforces.checksum) return undefined
  const sha256 = info.sha256 ?? (await hash(objects, scope, attachment.id))
  if (sha256 === claims.sha256) return undefined
  return new StorageError('checksum_mismatch', 'other bytes were uploaded than the sha256 announced')
}

async function hash<TContext>(objects: Objects<TContext>, scope: string, id: string): Promise<string> {
  const content = await objects.read(scope, id, { range: null, signal: null })
  const sha256 = createHash('sha256')
  for await (const chunk of content?.body ?? []) sha256.update(chunk)
  return sha256.digest('hex')
}
