/** How often each race is run: every round lets the second caller begin a little later. */
const rounds = 20

/** Runs the race again and again; `late` begins a call so many turns later than the others of its round. */
export async function racing(
  race: (late: <T>(call: () => Promise<T>) => Promise<T>, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await race(async (call) => {
      for (let turn = 0; turn < round; turn += 1) await Promise.resolve()
      return call()
    }, round)
  }
}

/** Of each call whether it resolved, or the code it rejected with. */
export async function codesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => {
    if (result.status === 'fulfilled') return 'done'
    const { reason } = result
    return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason)
  })
}
