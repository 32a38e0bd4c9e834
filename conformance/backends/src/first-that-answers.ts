import { type Backend, type BackendOrigin, backendLabel } from './backend.ts'
import { BackendUnavailable } from './backend-unavailable.ts'

/** One way to a server. Rejects with `Absent` when this machine has no such way, with anything else when it failed. */
export type Way = readonly [origin: BackendOrigin, start: () => Promise<Omit<Backend, 'origin'>>]

/** The way does not exist here, which is nothing to report as long as another one works. */
export class Absent extends Error {}

/**
 * Tries the ways in order and prints one line naming the first server that answers, after one line for every way
 * that exists but failed. Rejects with `BackendUnavailable` when none answers.
 */
export async function firstThatAnswers(backend: string, ways: readonly Way[]): Promise<Backend> {
  const reasons: string[] = []
  for (const [origin, start] of ways) {
    try {
      const found: Backend = { ...(await start()), origin }
      console.info(backendLabel(found))
      return found
    } catch (error) {
      const reason = `${origin}: ${firstLine(error)}`
      reasons.push(reason)
      if (!(error instanceof Absent)) console.warn(`${backend} not from ${reason}`)
    }
  }
  throw new BackendUnavailable(backend, reasons)
}

function firstLine(error: unknown): string {
  const message = error instanceof AggregateError ? String(error.errors[0]) : String(error)
  return message.replace(/^\w*Error: /, '').split('\n', 1)[0] ?? message
}
