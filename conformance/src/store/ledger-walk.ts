import assert from 'node:assert/strict'
import type { LedgerEntry } from '@threadkeep/core/driver'
import type { StoreTrial } from './store-case.ts'

const mostPages = 100

/** Runs after every page that had rows, with the page's number from 1 on and its last row. */
export type BetweenPages = (page: number, last: string) => Promise<unknown>

/** The attachments of the tenant of the case, page after page until an empty one. */
export async function walkAttachments(
  { ledger, context }: StoreTrial,
  limit: number,
  between?: BetweenPages,
): Promise<LedgerEntry[]> {
  const scope = ledger.scopeOf(context)
  return follow((after) => ledger.listAttachments(scope, after, limit), idOf, limit, between)
}

/** The scopes that begin with `base`, page after page: a walk from the first would read all tenants of a server. */
export async function walkScopes(
  { ledger }: StoreTrial,
  base: string,
  limit: number,
  between?: BetweenPages,
): Promise<string[]> {
  const list = async (after: string | null) => {
    const scopes = await ledger.listScopes(after ?? base, limit)
    assert.ok(scopes.length <= limit, `${scopes.length} scopes, more than the limit ${limit}`)
    return scopes.filter((scope) => scope.startsWith(base))
  }
  return follow(list, (scope) => scope, limit, between)
}

export function idOf({ attachment }: LedgerEntry): string {
  return attachment.id
}

async function follow<T>(
  list: (after: string | null) => Promise<T[]>,
  cursorOf: (row: T) => string,
  limit: number,
  between?: BetweenPages,
): Promise<T[]> {
  const rows: T[] = []
  let after: string | null = null
  for (let number = 1; number <= mostPages; number += 1) {
    const page: T[] = await list(after)
    assert.ok(page.length <= limit, `a page of ${page.length} rows, more than its limit ${limit}`)
    const last = page.at(-1)
    if (last === undefined) return rows
    rows.push(...page)
    after = cursorOf(last)
    await between?.(number, after)
  }
  return assert.fail(`a walk of ${mostPages} pages did not end`)
}
