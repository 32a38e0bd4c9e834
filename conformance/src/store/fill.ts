import type { StoreTrial } from './store-case.ts'

const inFlight = 40

/** Saves the thread and adds the items one after the other, so that their order is known. */
export async function fillThread(trial: StoreTrial, threadId: string, itemIds: readonly string[]): Promise<void> {
  const { store, context, thread, message } = trial
  await store.saveThread(thread(threadId), context)
  for (const id of itemIds) await store.addThreadItem(threadId, message(threadId, id), context)
}

/** Calls with `prefix0`, `prefix1` …, many at a time. */
export async function inBatches(ids: readonly string[], call: (id: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < ids.length; start += inFlight) {
    await Promise.all(ids.slice(start, start + inFlight).map(call))
  }
}

/** `prefix0` to `prefix<count - 1>`, padded so that they sort like numbers. */
export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`)
}
