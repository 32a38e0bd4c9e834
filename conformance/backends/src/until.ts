import { setTimeout } from 'node:timers/promises'

/**
 * Asks until the answer is true; a question that fails is asked again. Rejects after a minute, with the last failure as
 * the cause.
 */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  let cause: unknown
  while (Date.now() < end) {
    try {
      if (await isSo()) return
    } catch (error) {
      cause = error
    }
    await setTimeout(20)
  }
  throw new Error(`waited a minute in vain: ${what}`, { cause })
}
