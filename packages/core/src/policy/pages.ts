import type { Page } from '../store/page.ts'
import type { Range, StoredRecord } from '../store/store-driver.ts'
import { StorageError } from './errors.ts'
import { idFault } from './ids.ts'
import { fromBody } from './records.ts'

/** Browsers ask for 9,999 rows at once; a page is never larger than this, and `has_more` says that rows are left. */
const maxLimit = 10_000

/** The range to ask a driver for: one row more than the page, so that no driver computes `has_more`. */
export function toRange(limit: unknown, after: unknown, order: unknown): Range {
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) {
    throw new StorageError('invalid_argument', 'limit must be a whole number of at least 1')
  }
  if (order !== 'asc' && order !== 'desc') throw new StorageError('invalid_argument', "order must be 'asc' or 'desc'")
  return { after: checkCursor(after), limit: Math.min(limit, maxLimit) + 1, order }
}

/** The page of a range's rows; `undefined` rows mean that the cursor did not resolve. */
export function toPage<T extends { id: string }>(rows: StoredRecord[] | undefined, range: Range): Page<T> {
  if (!rows) throw invalidCursor()
  const has_more = rows.length === range.limit
  const data = (has_more ? rows.slice(0, -1) : rows).map((row) => fromBody<T>(row.body))
  return { data, has_more, after: has_more ? (data.at(-1)?.id ?? null) : null }
}

/** A string that cannot be an id becomes `''`, the id that no row has: of a missing thread any cursor gives an empty page. */
function checkCursor(after: unknown): string | null {
  if (after === undefined || after === null || after === '') return null
  if (typeof after !== 'string') throw new StorageError('invalid_argument', 'after must be a string or null')
  return idFault(after) ? '' : after
}

function invalidCursor(): StorageError {
  return new StorageError('invalid_cursor', 'after is not the id of a row in this list; begin again at the first page')
}
