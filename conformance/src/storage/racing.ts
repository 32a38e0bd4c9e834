/** How often each of them is run: every round lets the second caller begin a little later. */
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

/** Runs so many rounds, some side by side; after one that failed, no other begins. */
export async function inLanes(count: number, lanes: number, run: (round: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    try {
      while (next < count) await run(next++)
    } finally {
      next = count
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** Of each call whether it resolved, or the code it rejected with; of what no code was foreseen for, the cause too. */
export async function codesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => {
    if (result.status === 'fulfilled') return 'done'
    const { reason } = result
    if (!(reason instanceof Error && 'code' in reason)) return String(reason)
    return reason.code === 'internal' ? `internal (${reason.cause})` : String(reason.code)
  })
}
