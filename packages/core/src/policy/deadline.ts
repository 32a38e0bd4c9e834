import { StorageError } from './errors.ts'

/** What `timeoutMs` is when it is not given. */
export const defaultTimeoutMs = 10_000

/** Rejects with `timeout` when the work takes longer; the work itself goes on, and its end is nobody's news. */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError(what, timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export function timeoutError(what: string, timeoutMs: number): StorageError {
  return new StorageError('timeout', `${what} took longer than timeoutMs ${timeoutMs}; it may still take effect`)
}
