import type { ErrorCode } from './errors.ts'

/** What a message says of a backend's failure and what to do. Its own words are in `cause`: they may quote contents. */
export function failureText(code: ErrorCode): string {
  return texts[code] ?? 'failed'
}

const texts: Partial<Record<ErrorCode, string>> = {
  configuration: 'failed: the backend is not set up for it; check() says what is missing',
  conflict: 'failed: it already exists',
  invalid_argument: 'failed: the backend refused the argument',
  not_found: 'failed: not found',
  not_supported: 'is not supported by this backend',
  timeout: 'took too long; it may still take effect',
  too_large: 'failed: too large for this backend',
  unavailable: 'failed: the backend cannot be reached or cannot do it now; it may still take effect',
}
