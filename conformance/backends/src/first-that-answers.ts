import { type Backend, type BackendOrigin, backendLabel } from './backend.ts'
import { BackendUnavailable } from './backend-unavailable.ts'

/** One way to a server. Rejects with `Absent` when this machine has no such way, with anything else when it failed. */
export type Way<T extends Started = Started> = readonly [origin: BackendOrigin, start: () => Promise<T>]

type Started = Omit<Backend, 'origin'>

/** The way does not exist here, which is nothing to report as long as another one works. */
export class Absent extends Error {}

/**
 * Tries the ways in order and prints one line naming the first server that answers, after one line for every way
 * that exists but failed. Rejects with `BackendUnavailable` when none answers.
 */
export async function firstThatAnswers<T extends Started>(
  backend: string,
  ways: readonly Way<T>[],
): Promise<T & Backend> {
  const reasons: string[] = []
  for (const [origin, start] of ways) {
    try {
      const found = { ...(await start()), origin }
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

/** Of its message, and of what caused it. */
function firstLine(error: unknown): string {
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error
  const [line = ''] = String(one)
    .replace(/^\w*Error: /, '')
    .split('\n', 1)
  return one instanceof Error && one.cause ? `${line}: ${firstLine(one.cause)}` : line
}
