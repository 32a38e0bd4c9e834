import type { KeyedAttachment, ScopeRange } from '@threadkeep/core/driver'
import type { Connection } from './redis-client.ts'

/** A write that was noted longer ago than this has reached its scope, or never will. */
const settledMs = 10 * 60 * 1000
const scopesAtOnce = 100

/** What is due in one scope. */
export interface DueInScope {
  /** Those that are due before the instant asked for, the longest due first. */
  readonly rows: readonly KeyedAttachment[]
  /** When the first of all of them is, an ISO instant; `null`: none ever. */
  readonly earliest: string | null
}

/**
 * Which scopes there are, and when at the earliest each has something due, in a slot of their own. A scope is noted
 * before its truth is written, so that none is ever missed; what an entry says too much, readers find in the truth and
 * settle, unless it was noted a moment ago.
 */
export class ScopeIndex {
  readonly #connection: Connection
  readonly #scopes: string
  readonly #due: string
  readonly #noted: string

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection
    this.#scopes = `${prefix}:index:{all}:scopes`
    this.#due = `${prefix}:index:{all}:due`
    this.#noted = `${prefix}:index:{all}:noted`
  }

  async note(scope: string, due: string | null): Promise<void> {
    await this.#connection.run('note', this.#keys(), [scope, inMs(due)])
  }

  /** In the order of their bytes. */
  async listScopes({ after, limit }: ScopeRange, hasAny: (scope: string) => Promise<boolean>): Promise<string[]> {
    const found: string[] = []
    for (let from = after === null ? '-' : `(${after}`; ; ) {
      const reply = await this.#connection.call('zrange', this.#scopes, from, '+', 'BYLEX', 'LIMIT', 0, limit)
      const scopes = (reply as unknown[]).map(String)
      const full = await Promise.all(scopes.map(hasAny))
      found.push(...scopes.filter((_, at) => full[at]))
      await Promise.all(scopes.map((scope, at) => full[at] || this.#settle(scope, null, true)))
      if (scopes.length < limit || found.length >= limit) return found.slice(0, limit)
      from = `(${scopes.at(-1)}`
    }
  }

  /** Looks into scopes in the order of their entries, until no further one can hold anything that is due for longer. */
  async listDue(
    before: string,
    limit: number,
    dueIn: (scope: string) => Promise<DueInScope>,
  ): Promise<KeyedAttachment[]> {
    const outdated: Entry[] = []
    let found: KeyedAttachment[] = []
    for (let skip = 0; ; skip += scopesAtOnce) {
      const entries = await this.#entriesBefore(before, skip)
      const lists = await Promise.all(entries.map(({ scope }) => dueIn(scope)))
      lists.forEach(({ earliest }, at) => {
        const entry = entries[at]
        if (entry && (earliest === null || Date.parse(earliest) > entry.ms)) outdated.push({ ...entry, earliest })
      })
      found = [...found, ...lists.flatMap(({ rows }) => rows)].sort(byDue).slice(0, limit)
      const last = entries.at(-1)
      const complete = found.length === limit && last !== undefined && Date.parse(found.at(-1)?.due ?? '') <= last.ms
      if (complete || entries.length < scopesAtOnce) break
    }
    await Promise.all(outdated.map(({ scope, earliest }) => this.#settle(scope, earliest, false)))
    return found
  }

  async #entriesBefore(before: string, skip: number): Promise<Entry[]> {
    const range = [`(${inMs(before)}`, 'BYSCORE', 'LIMIT', skip, scopesAtOnce, 'WITHSCORES']
    const reply = (await this.#connection.call('zrange', this.#due, '-inf', ...range)) as unknown[]
    const flat = reply.flat()
    return Array.from({ length: flat.length / 2 }, (_, at) => ({
      scope: String(flat[2 * at]),
      ms: Number(flat[2 * at + 1]),
      earliest: null,
    }))
  }

  async #settle(scope: string, earliest: string | null, empty: boolean): Promise<void> {
    await this.#connection.run('settle', this.#keys(), [scope, inMs(earliest), settledMs, empty ? '1' : ''])
  }

  #keys(): string[] {
    return [this.#scopes, this.#due, this.#noted]
  }
}

interface Entry {
  readonly scope: string
  /** Nothing of the scope is due before this, in milliseconds since 1970. */
  readonly ms: number
  readonly earliest: string | null
}

function inMs(instant: string | null): number | '' {
  return instant === null ? '' : Date.parse(instant)
}

function byDue(one: KeyedAttachment, other: KeyedAttachment): number {
  return Date.parse(one.due ?? '') - Date.parse(other.due ?? '')
}
