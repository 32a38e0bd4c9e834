import { expectSame } from '../expect-code.ts'
import type { StoreTrial } from './store-case.ts'
import { idsOf } from './walk.ts'

/** What follows the cursor in the thread `t1`, in both orders. */
export async function expectAfter(
  { store, context }: StoreTrial,
  after: string,
  asc: string[],
  desc: string[],
): Promise<void> {
  expectSame(idsOf(await store.loadThreadItems('t1', after, 9, 'asc', context)), asc, `after ${after}, asc`)
  expectSame(idsOf(await store.loadThreadItems('t1', after, 9, 'desc', context)), desc, `after ${after}, desc`)
}
