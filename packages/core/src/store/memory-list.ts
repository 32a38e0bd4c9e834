import type { Range, StoredRecord } from './store-driver.ts'

const maxTombstones = 1_000
const maxTombstoneAge = 24 * 60 * 60 * 1000

interface Row extends StoredRecord {
  readonly id: string
}

/** A list of rows in the order of their positions, with the places of those that were deleted lately. */
export class MemoryList {
  readonly #positions = new Map<string, string>()
  readonly #gone = new Map<string, { readonly position: string; readonly at: number }>()
  #rows: Row[] = []

  get(id: string): StoredRecord | undefined {
    const position = this.#positions.get(id)
    return position === undefined ? undefined : this.#rows[this.#indexOf(position)]
  }

  put(id: string, { position, body }: StoredRecord): void {
    const known = this.#positions.get(id)
    const row = { id, position: known ?? position, body }
    this.#rows.splice(this.#indexOf(row.position), known === undefined ? 0 : 1, row)
    this.#positions.set(id, row.position)
    this.#gone.delete(id)
  }

  delete(id: string): void {
    const position = this.#positions.get(id)
    if (position === undefined) return
    this.#rows.splice(this.#indexOf(position), 1)
    this.#positions.delete(id)
    this.#gone.set(id, { position, at: Date.now() })
    for (const [oldest, { at }] of this.#gone) {
      if (this.#gone.size <= maxTombstones && Date.now() - at < maxTombstoneAge) break
      this.#gone.delete(oldest)
    }
  }

  /** `undefined` when the cursor does not resolve. */
  page({ after, limit, order }: Range): Row[] | undefined {
    if (after === null) return order === 'asc' ? this.#rows.slice(0, limit) : this.#rows.slice(-limit).reverse()
    const position = this.#positions.get(after) ?? this.#gone.get(after)?.position
    if (position === undefined) return undefined
    const index = this.#indexOf(position)
    if (order === 'desc') return this.#rows.slice(Math.max(0, index - limit), index).reverse()
    const next = this.#rows[index]?.position === position ? index + 1 : index
    return this.#rows.slice(next, next + limit)
  }

  /** The index of the first row at or after the position. */
  #indexOf(position: string): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#rows[middle]?.position ?? '') < position) low = middle + 1
      else high = middle
    }
    return low
  }
}
