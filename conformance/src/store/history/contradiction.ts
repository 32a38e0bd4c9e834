import type { RecordedCall } from './recorded-call.ts'
import { after, concerns, nothing, seenBy, type ThreadState } from './thread-model.ts'

/**
 * A smallest set of calls about an item whose answers no order of the calls explains, when each takes effect at one
 * moment between its begin and its end; `undefined` when there is an order. At most 52 calls about one item.
 *
 * This is the search of Wing and Gong, with a memory of what was tried (Lowe). To find the smallest set, the times of
 * call after call are given up: a reading is left out, a write may take effect at any time or never.
 */
export function contradiction(history: readonly RecordedCall[], itemId: string): RecordedCall[] | undefined {
  const calls = history.filter((call) => concerns(call, itemId))
  let needed = new Set(calls)
  if (isExplained(calls, needed, itemId)) return undefined
  for (const call of calls) {
    const fewer = new Set(needed)
    fewer.delete(call)
    if (!isExplained(calls, fewer, itemId)) needed = fewer
  }
  return calls.filter((call) => needed.has(call))
}

/** Whether an order explains the answers of the timed calls, with whatever others take effect anywhere between. */
function isExplained(all: readonly RecordedCall[], timed: ReadonlySet<RecordedCall>, itemId: string): boolean {
  const read = new Set([...timed].map((call) => seenBy(call, itemId)))
  const calls = all.filter((call) => timed.has(call) || mayMatter(call, read, itemId))
  const wanted = calls.reduce((bits, call, index) => (timed.has(call) ? bits + 2 ** index : bits), 0)
  const tried = new Set<string>()
  return search(nothing, 0, 0)

  function search(state: ThreadState, done: number, doneTimed: number): boolean {
    if (doneTimed === wanted) return true
    const name = `${done} ${state.thread} ${state.item}`
    if (tried.has(name)) return false
    tried.add(name)
    const open = calls.map((call, index) => ({ call, bit: 2 ** index })).filter(({ bit }) => !has(done, bit))
    const firstEnd = Math.min(...open.map(({ call }) => (timed.has(call) ? call.end : Number.POSITIVE_INFINITY)))
    return open.some(({ call, bit }) => {
      const isTimed = timed.has(call)
      if (isTimed && call.begin > firstEnd) return false
      const next = after(state, call, itemId)
      return next !== undefined && search(next, done + bit, isTimed ? doneTimed + bit : doneTimed)
    })
  }
}

/** Of calls without a time: readings tell nothing, and of items only what a timed call has read. */
function mayMatter(call: RecordedCall, read: ReadonlySet<unknown>, itemId: string): boolean {
  const { operation } = call
  if (seenBy(call, itemId) !== 'nothing seen') return false
  if (operation.call === 'addThreadItem' || operation.call === 'saveItem') return read.has(operation.version)
  return ['saveThread', 'deleteThread', 'deleteThreadItem'].includes(operation.call)
}

function has(bits: number, bit: number): boolean {
  return Math.floor(bits / bit) % 2 === 1
}
