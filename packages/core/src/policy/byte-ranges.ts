import type { ByteRange } from '../attachments/blob-driver.ts'
import { StorageError } from './errors.ts'

/** Refuses a range that HTTP could not say; whether it lies within the object is seen later. */
export function checkRange(range: ByteRange | undefined): ByteRange | null {
  if (range === undefined || range === null) return null
  if (typeof range === 'object' && isRange(range)) return range
  throw new StorageError(
    'invalid_argument',
    'range must be {start, end?} or {last}, in whole bytes, end not before start',
  )
}

/** The first and the last byte of a range within an object of `size` bytes. Past its end: `invalid_argument`. */
export function resolveRange(range: ByteRange, size: number): { start: number; end: number } {
  const start = 'last' in range ? Math.max(0, size - range.last) : range.start
  if (start >= size) throw new StorageError('invalid_argument', `range starts past the end of ${size} bytes`)
  return { start, end: 'last' in range ? size - 1 : Math.min(range.end ?? size - 1, size - 1) }
}

/** As the value of an HTTP `Range` header. */
export function rangeHeader(range: ByteRange): string {
  return 'last' in range ? `bytes=-${range.last}` : `bytes=${range.start}-${range.end ?? ''}`
}

function isRange(range: ByteRange): boolean {
  if ('last' in range) return isWhole(range.last) && range.last >= 1 && !('start' in range)
  return isWhole(range.start) && (range.end === undefined || (isWhole(range.end) && range.end >= range.start))
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
