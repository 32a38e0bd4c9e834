import { type ErrorCode, StorageError } from '../policy/errors.ts'

/** A request that a handler refuses, in words that its sender may read. */
export class Refusal extends StorageError {
  override name = 'Refusal'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message)
    this.status = status
    this.headers = headers
  }
}

/** The answer to a request that failed: `{error: {code, message}}`. What went wrong inside is not told. */
export function errorResponse(error: unknown): Response {
  const refusal = error instanceof Refusal ? error : refusalOf(error)
  const { status, code, message, headers } = refusal
  return Response.json(
    { error: { code, message } },
    { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers } },
  )
}

function refusalOf(error: unknown): Refusal {
  const code = error instanceof StorageError ? error.code : 'internal'
  const [status, message] = answers[code] ?? [500, 'the server failed']
  return new Refusal(status, status === 500 ? 'internal' : code, message)
}

const answers: Partial<Record<ErrorCode, readonly [status: number, message: string]>> = {
  aborted: [400, 'the request broke off'],
  checksum_mismatch: [422, 'the bytes are not those that were announced'],
  conflict: [412, 'the bytes were uploaded already'],
  expired: [403, 'the time of this URL is over'],
  invalid_argument: [400, 'the request is malformed'],
  not_found: [404, 'not found'],
  timeout: [503, 'the storage did not answer in time'],
  too_large: [413, 'more bytes than were announced'],
  unauthorized: [403, 'this URL is not signed for this request'],
  unavailable: [503, 'the storage cannot be reached'],
  unsupported_type: [415, 'not the media type that was announced'],
}
