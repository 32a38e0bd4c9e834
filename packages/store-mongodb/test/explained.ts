/** What was done to a thread and its items, as one of its clients knows it. */
export interface Done {
  readonly call: 'put thread' | 'delete thread' | 'put m1' | 'put m2'
  /** When its first and its last command were sent; no end when its process ended before. */
  readonly begin: number
  readonly end: number
  /** Of an item: whether there was a thread to put it in. */
  readonly result: boolean | undefined
}

/** The items of a thread; `undefined` where there is no thread. */
export type Seen = readonly string[] | undefined

/**
 * Whether some order of the calls, one after the other, gives these results and what is seen at the end. A call that ended
 * before another one began comes before it; one whose process ended may have had no effect.
 */
export function isExplained(start: Seen, calls: readonly Done[], end: Seen): boolean {
  if (calls.length === 0) return String(start?.toSorted()) === String(end?.toSorted())
  return calls.some((call) => {
    const others = calls.filter((other) => other !== call)
    if (others.some((other) => other.end < call.begin)) return false
    if (call.end === Number.POSITIVE_INFINITY && isExplained(start, others, end)) return true
    const [after, result] = effect(start, call)
    return (call.result ?? result) === result && isExplained(after, others, end)
  })
}

function effect(items: Seen, { call }: Done): [after: Seen, result: boolean | undefined] {
  if (call === 'delete thread') return [undefined, undefined]
  if (call === 'put thread') return [items ?? [], undefined]
  const id = call.slice('put '.length)
  return [items && [...new Set([...items, id])], items !== undefined]
}
