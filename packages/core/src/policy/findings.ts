import type { Finding } from '../store/finding.ts'
import { StorageError } from './errors.ts'

const toleratedMs = 5_000

/**
 * Compares a server's clock with this process's. Rows of one instant that two processes save are ordered by their
 * clocks, and a signed URL is judged by the server's. `before` and `after` frame the question, in milliseconds since 1970.
 */
export function clockFinding(server: number, before: number, after: number): Finding {
  const offMs = Math.round(server < before ? before - server : Math.max(0, server - after))
  if (offMs <= toleratedMs) return { topic: 'clock', level: 'ok', message: 'the clocks agree' }
  const way = server < before ? 'behind' : 'ahead of'
  const message = `the server's clock is ${offMs} ms ${way} this process's: synchronise both, for example with NTP`
  return { topic: 'clock', level: 'warning', message }
}

/** What a check found; a backend that cannot be reached is a finding too, and no error. */
export async function orUnreachable(check: Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check
  } catch (error) {
    if (!(error instanceof StorageError) || !error.retryable) throw error
    return [
      { topic: 'reachable', level: 'error', message: `no answer (${error.code}): check address, network and server` },
    ]
  }
}
