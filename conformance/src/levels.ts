/** How much a store stands: each level asks for all of those before it. `clustered` has no cases yet. */
const levels = ['core', 'concurrent', 'clustered'] as const

export type Level = (typeof levels)[number]

/** Cases outside the group `concurrency` in which several callers race. */
export const racingCases: readonly string[] = [
  'ledger/one-winner',
  'lifecycle/setup-in-parallel',
  'refusals/racing-uploads',
  'upload/side-by-side',
  'write/one-winner',
]

/** A case belongs to `core` unless callers race in it, or it says where it belongs. */
export function levelOf({ id, level }: { readonly id: string; readonly level?: Level }): Level {
  if (level) return level
  return id.startsWith('concurrency/') || racingCases.includes(id) ? 'concurrent' : 'core'
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
