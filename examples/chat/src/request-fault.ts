import { type ErrorCode, isNotFoundError, StorageError } from '@threadkeep/core'

/** What is wrong with a request, for whoever sent it. */
export class RequestFault extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  invalid_cursor: 400,
  unauthorized: 403,
  not_found: 404,
  conflict: 409,
  object_missing: 409,
  checksum_mismatch: 409,
  too_large: 413,
  unsupported_type: 415,
  timeout: 503,
  unavailable: 503,
}

/** The fault that an error means for a browser; what a backend said of itself stays here. */
export function toFault(error: unknown): RequestFault {
  if (error instanceof RequestFault) return error
  if (isNotFoundError(error)) return new RequestFault(404, 'not_found', (error as Error).message)
  if (error instanceof StorageError) {
    const status = statuses[error.code] ?? 500
    const message = status < 500 ? error.message : 'The server cannot reach its storage.'
    return new RequestFault(status, error.code, message)
  }
  return new RequestFault(500, 'internal', 'Something went wrong on the server.')
}

export function faultResponse({ status, code, message }: RequestFault): Response {
  return Response.json({ error: { code, message } }, { status })
}
