import type { Page } from '../store/page.ts'
import type { Range, StoredRecord } from '../store/store-driver.ts'
import { StorageError } from './errors.ts'
import { idFault } from './ids.ts'
import { fromBody } from './records.ts'

/** Browsers ask for 9,999 rows at once; a page is never larger than this, and `has_more` says that rows are left. */
const maxLimit = 10_000

/** The range to ask a driver for: one row more than the page, so that no driver computes `has_more`. */
export function toRange(limit: unknown, after: unknown, order: unknown): Range {
  const most = checkLimit(limit)
  if (order !== 'asc' && order !== 'desc') throw new StorageError('invalid_argument', "order must be 'asc' or 'desc'")
  return { after: checkCursor(after), limit: most + 1, order }
}

/** The most rows to give. Not a whole number of at least 1: `invalid_argument`. */
export function checkLimit(limit: unknown): number {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return Math.min(limit, maxLimit)
  throw new StorageError('invalid_argument', 'limit must be a whole number of at least 1')
}

/** The page of a range's rows. */
export function toPage<T extends { id: string }>(rows: StoredRecord[] | undefined, range: Range): Page<T> {
  const data = toRows(rows, range).map((row) => fromBody<T>(row.body))
  const has_more = rows?.length === range.limit
  return { data, has_more, after: has_more ? (data.at(-1)?.id ?? null) : null }
}

/** The rows of a range without the one more; `undefined`, for a cursor that does not resolve: `invalid_cursor`. */
export function toRows<T>(rows: T[] | undefined, { limit }: Range): T[] {
  if (rows) return rows.slice(0, limit - 1)
  throw new StorageError('invalid_cursor', 'after is not the id of a row in this list; begin again at the first page')
}

/** A string that cannot be an id becomes `''`, the id that no row has: of a missing thread any cursor gives an empty page. */
function checkCursor(after: unknown): string | null {
  if (after === undefined || after === null || after === '') return null
  if (typeof after !== 'string') throw new StorageError('invalid_argument', 'after must be a string or null')
  return idFault(after) ? '' : after
}
