import type { Range } from '@threadkeep/core/driver'

/** The conditions of a list, by which its index is found and no key (`migrations.ts`). */
export const inScope = "scope || '' = $1"
export const inThread: string = `${inScope} and thread_id || '' = $2`

/** A list of rows by their positions. */
export interface List {
  readonly columns: readonly string[]
  /** The rows that can be seen. */
  readonly live: string
  /** The position of the row with this id, also of a deleted one. */
  readonly place: (id: string) => string
  /** What must hold for a cursor to be wrong, not by `exists`, which may scan all rows; default: nothing. */
  readonly owner?: string
}

/**
 * A page by its index; the last branch gives one row without a position when the cursor does not resolve. The limit is
 * hidden in a `select`, because Postgres then plans for the first rows: a limit that it sees to be above what it takes
 * for all rows makes it read and sort them all, however many there are.
 */
export function pageSql({ columns, live, place, owner = 'true' }: List, keys: number, { after, order }: Range): string {
  const [limit, cursor] = [`(select $${keys + 1}::integer)`, `$${keys + 2}`]
  if (after === null) return `select ${columns} ${live} order by position ${order} limit ${limit}`
  return `with cursor_row (place) as (select ${place(cursor)})
    (select ${columns} ${live} and position ${order === 'asc' ? '>' : '<'} (select place from cursor_row)
      order by position ${order} limit ${limit})
    union all
    select ${columns.map(() => 'null')} from cursor_row where place is null and ${owner} order by position ${order}`
}

/** Removes a few tombstones of the list that are older than 24 hours, after `gone` was written. */
export function prune(table: string, list: string): string {
  return `delete from ${table} where ctid = any (array (
      select ctid from ${table} where ${list} and deleted_at < now() - interval '24 hours'
      and (select count(*) from gone) >= 0 limit 100 for update skip locked))`
}
