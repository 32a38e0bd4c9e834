/** One page of a list. */
export interface Page<T> {
  /** The rows, in the order asked for. */
  data: T[]
  /** Whether rows follow the last one of `data`. */
  has_more: boolean
  /** The id of the last row of `data`, to be given as `after` for the next page; `null` exactly when `has_more` is false. */
  after: string | null
}

/** By `created_at`, then by insertion: oldest first, or the exact reverse. */
export type Order = 'asc' | 'desc'
