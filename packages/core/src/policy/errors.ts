/** What went wrong, for programs. Branch on the code; messages may change. */
export type ErrorCode =
  | 'not_found'
  | 'invalid_argument'
  | 'invalid_cursor'
  | 'conflict'
  | 'unauthorized'
  | 'too_large'
  | 'unsupported_type'
  | 'checksum_mismatch'
  | 'object_missing'
  | 'expired'
  | 'unavailable'
  | 'timeout'
  | 'aborted'
  | 'configuration'
  | 'not_supported'
  | 'internal'

/** The one error that stores and attachment stores reject with. Its message holds no credential and no content. */
export class StorageError extends Error {
  override name = 'StorageError'
  readonly code: ErrorCode
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
    this.retryable = code === 'unavailable' || code === 'timeout'
  }
}

/** A thread, an item or an attachment is not there, or belongs to another tenant. */
export class NotFoundError extends StorageError {
  override name = 'NotFoundError'

  constructor(message: string, options?: { cause?: unknown }) {
    super('not_found', message, options)
  }
}

export class AttachmentNotFoundError extends NotFoundError {
  override name = 'AttachmentNotFoundError'
}

/** Somebody who may not do this. */
export class UnauthorizedError extends StorageError {
  override name = 'UnauthorizedError'

  constructor(message: string, options?: { cause?: unknown }) {
    super('unauthorized', message, options)
  }
}

/** A fault that none of the other codes describes; `cause` tells an expert more. */
export class InternalServerError extends StorageError {
  override name = 'InternalServerError'

  constructor(message: string, options?: { cause?: unknown }) {
    super('internal', message, options)
  }
}

/** Whether something is not there. Looks at code and name, so that errors of another copy of this package count. */
export function isNotFoundError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'not_found') return true
  return error.name === 'NotFoundError' || error.name === 'AttachmentNotFoundError'
}

/** Makes the error of a code, as its named kind where there is one. */
export function storageError(code: ErrorCode, message: string, options?: { cause?: unknown }): StorageError {
  if (code === 'not_found') return new NotFoundError(message, options)
  if (code === 'unauthorized') return new UnauthorizedError(message, options)
  if (code === 'internal') return new InternalServerError(message, options)
  return new StorageError(code, message, options)
}
