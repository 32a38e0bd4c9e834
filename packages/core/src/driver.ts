export type {
  BlobContent,
  BlobDriver,
  BlobInfo,
  ByteRange,
  DownloadRequest,
  Enforces,
  ReadOptions,
  UploadClaims,
  WriteOptions,
} from './attachments/blob-driver.ts'
export { type BlobHandler, type BlobHandlerOptions, blobHandler } from './attachments/blob-handler.ts'
export * from './attachments/driver-attachment-store.ts'
export * from './attachments/objects.ts'
export { UrlSigner, type UrlSignerOptions } from './attachments/url-signer.ts'
export { resolveRange } from './policy/byte-ranges.ts'
export { defaultTimeoutMs } from './policy/deadline.ts'
export { guardErrors } from './policy/error-guard.ts'
export type { ErrorCode } from './policy/errors.ts'
export { clockFinding } from './policy/findings.ts'
export { checkPrefix, scopePrefix } from './policy/object-keys.ts'
export { DriverStore, type StoreOptions } from './store/driver-store.ts'
export * from './store/ledger.ts'
export type * from './store/store-driver.ts'
