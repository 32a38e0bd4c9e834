import { StorageError } from '../policy/errors.ts'
import { checkFileName } from '../policy/file-names.ts'
import { checkAllowed, mediaType } from '../policy/media-types.ts'
import type { AttachmentCreateParams } from './attachment.ts'
import type { UploadClaims } from './blob-driver.ts'

/** The checked claims of a client. Bad: `invalid_argument`; too large: `too_large`; another type: `unsupported_type`. */
export function toClaims(
  params: AttachmentCreateParams,
  maxBytes: number,
  allowedTypes: readonly string[] | undefined,
): Omit<UploadClaims, 'expiresAt'> & { readonly name: string } {
  if (typeof params !== 'object' || params === null) {
    throw new StorageError('invalid_argument', 'params must be an object with name, size and mime_type')
  }
  const name = checkFileName(params.name)
  const size = checkSize(params.size, maxBytes)
  const type = mediaType(params.mime_type)
  checkAllowed(type, allowedTypes)
  return { name, size, type, sha256: checkSha256(params.sha256) }
}

function checkSize(size: unknown, maxBytes: number): number {
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new StorageError('invalid_argument', 'size must be a whole number of bytes')
  }
  if (size > maxBytes) throw new StorageError('too_large', `size ${size} is more than maxBytes ${maxBytes}`)
  return size
}

function checkSha256(sha256: unknown): string | null {
  if (sha256 === undefined || sha256 === null) return null
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return sha256
  throw new StorageError('invalid_argument', 'sha256 must be 64 lowercase hex digits')
}
