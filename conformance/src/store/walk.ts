import assert from 'node:assert/strict'
import type { Order, Page, Store } from '@threadkeep/core'
import type { SuiteContext } from '../suite-context.ts'

export interface Walk {
  readonly limit: number
  readonly order: Order
  /** Runs after every page but the last. */
  readonly between?: (page: number) => Promise<void>
}

/** Follows `after` from the first page to the last, checks every page's form, and gives the ids in their order. */
export async function walkItems(
  store: Store<SuiteContext>,
  threadId: string,
  walk: Walk,
  context: SuiteContext,
): Promise<string[]> {
  return follow((after) => store.loadThreadItems(threadId, after, walk.limit, walk.order, context), walk)
}

export async function walkThreads(store: Store<SuiteContext>, walk: Walk, context: SuiteContext): Promise<string[]> {
  return follow((after) => store.loadThreads(walk.limit, after, walk.order, context), walk)
}

/** The ids of a page's rows. */
export function idsOf(page: Page<{ id: string }>): string[] {
  return page.data.map(({ id }) => id)
}

/** `after` is null exactly on the last page, and the id of the last row on all others; no page exceeds its limit. */
export function expectWellFormed(page: Page<{ id: string }>, limit: number): void {
  assert.ok(page.data.length <= limit, `a page has ${page.data.length} rows, more than its limit ${limit}`)
  assert.equal(typeof page.has_more, 'boolean', 'has_more must be a boolean')
  const last = page.has_more ? page.data.at(-1)?.id : null
  assert.notEqual(last, undefined, 'a page without rows says has_more')
  assert.equal(page.after, last, 'after must be the id of the last row, and null exactly when has_more is false')
}

async function follow(load: (after: string | null) => Promise<Page<{ id: string }>>, walk: Walk): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  for (let number = 1; number <= 2_000; number += 1) {
    const page: Page<{ id: string }> = await load(after)
    expectWellFormed(page, walk.limit)
    ids.push(...idsOf(page))
    if (!page.has_more) return ids
    after = page.after
    await walk.between?.(number)
  }
  return assert.fail('a walk of 2,000 pages did not end')
}
