const codes: Record<number, string> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'too_large',
  415: 'unsupported_type',
  422: 'checksum_mismatch',
}

/**
 * Why an upload did not succeed. `code`: `aborted`, `timeout`, `unavailable` when the server or the way to it is away, or
 * what the server says of the file, such as `too_large`, `unsupported_type`, `checksum_mismatch` and `conflict`.
 */
export class UploadError extends Error {
  override name = 'UploadError'
  readonly code: string
  /** Of the HTTP answer; 0 when none came. */
  readonly status: number

  constructor(code: string, message: string, status = 0, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = status
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    return this.code === 'timeout' || this.code === 'unavailable'
  }
}

/** What an answer other than 2xx means. @internal */
export function refusal(status: number, message?: string): UploadError {
  const passing = status >= 500 || status === 408 || status === 429
  const code = passing ? 'unavailable' : (codes[status] ?? 'invalid_argument')
  return new UploadError(code, message ?? `the upload was refused with ${status}`, status)
}

/** What it means that no answer came. @internal */
export function noAnswer(cause: unknown, signal: AbortSignal | undefined): UploadError {
  if (cause instanceof UploadError) return cause
  if (signal?.aborted) return new UploadError('aborted', 'the upload was canceled', 0, { cause: signal.reason })
  return new UploadError('unavailable', 'the server cannot be reached', 0, { cause })
}
