import { type Memory, openStorage } from './open-storage.ts'
import { Steps } from './steps.ts'

export type Work = (opened: ReturnType<typeof openStorage>) => Promise<unknown>

/** Does the work, and at its call number `step` something else, in another process. Tells whether it came to that. */
export async function interrupted(
  memory: Memory,
  step: number,
  work: Work,
  meanwhile: Work,
): Promise<{ met: boolean; end: string }> {
  let met = false
  const steps = new Steps(async (now, go) => {
    if (now === step) {
      met = true
      await meanwhile(openStorage({}, memory))
    }
    return go()
  })
  const own = { rows: steps.over(memory.rows), blobs: steps.over(memory.blobs) }
  const [end] = await Promise.allSettled([work(openStorage({}, own))])
  return { met, end: end?.status === 'fulfilled' ? 'done' : end?.reason.code }
}

/** At each call of the work, until there is none so late. Gives how many there are. */
export async function atEach(run: (step: number) => Promise<boolean>): Promise<number> {
  for (let step = 1; ; step++) if (!(await run(step))) return step - 1
}
