/** How much a store stands: each level asks for all of those before it. `clustered` has no cases yet. */
const levels = ['core', 'concurrent', 'clustered'] as const

export type Level = (typeof levels)[number]

/** A case belongs to `core` unless it says where it belongs, or is in the group `concurrency`, where callers race. */
export function levelOf({ id, level }: { readonly id: string; readonly level?: Level }): Level {
  return level ?? (id.startsWith('concurrency/') ? 'concurrent' : 'core')
}

/**
 * The highest level of which every case passed, and that of every level before it. Cases that do not apply to a store
 * do not count; those that did not run, failed, or are a declared gap do. `null`: not even `core`.
 */
export function levelReached(
  cases: readonly { readonly id: string; readonly level?: Level }[],
  results: ReadonlyMap<string, { readonly result: string; readonly gap?: string }>,
): Level | null {
  let reached: Level | null = null
  for (const level of levels) {
    const found = cases.filter((one) => levelOf(one) === level).map(({ id }) => results.get(id))
    if (!found.some((one) => one?.result === 'passed')) return reached
    if (!found.every((one) => one?.result === 'passed' || (one?.result === 'skipped' && !one.gap))) return reached
    reached = level
  }
  return reached
}
