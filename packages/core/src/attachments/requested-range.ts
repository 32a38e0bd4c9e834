import { resolveRange } from '../policy/byte-ranges.ts'
import type { BlobInfo } from './blob-driver.ts'
import { Refusal } from './refusal.ts'

/**
 * The bytes that a GET asks for; `null` for all. Several ranges, or one past the end, are refused with 416; what is no
 * range, and one that `If-Range` ties to other bytes, does not count.
 */
export function requestedRange(headers: Headers, info: BlobInfo): { start: number; end: number } | null {
  const ifRange = headers.get('if-range')
  if (ifRange !== null && ifRange !== `"${info.etag}"`) return null
  const given = headers.get('range')?.match(/^\s*bytes\s*=([\d\s,-]+)$/i)?.[1]
  if (given === undefined) return null
  if (given.includes(',')) throw unsatisfiable(info.size)
  const [, first = '', last = ''] = /^\s*(\d*)-(\d*)\s*$/.exec(given) ?? []
  if (first === '' && last === '') return null
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  return resolved(first, last, info.size)
}

/** Whether the client has these bytes already. */
export function isKnown(headers: Headers, info: BlobInfo): boolean {
  const known = headers.get('if-none-match')?.split(',') ?? []
  return known.some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === `"${info.etag}"`)
}

function resolved(first: string, last: string, size: number): { start: number; end: number } {
  const range = first === '' ? { last: Number(last) } : { start: Number(first), ...(last && { end: Number(last) }) }
  try {
    return resolveRange(range, size)
  } catch {
    throw unsatisfiable(size)
  }
}

function unsatisfiable(size: number): Refusal {
  return new Refusal(416, 'invalid_argument', 'Range must be one range that begins within the file', {
    'content-range': `bytes */${size}`,
  })
}
