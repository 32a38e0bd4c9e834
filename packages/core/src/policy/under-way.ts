import { StorageError } from './errors.ts'

/** What `timeoutMs` is when it is not given. */
export const defaultTimeoutMs = 10_000

interface Work {
  readonly what: string
  readonly until: number
  readonly fail: (error: StorageError) => void
}

/**
 * The work that has begun and not ended. What takes longer than `timeoutMs` rejects with `timeout`; it goes on, and its
 * end is nobody's news. All have the same time, so whoever began first is late first, and one timer does for all.
 */
export class UnderWay {
  readonly #timeoutMs: number
  readonly #works = new Map<Work, Promise<unknown>>()
  #timer: NodeJS.Timeout | undefined

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  run<T>(begun: Promise<T>, what: string): Promise<T> {
    this.#timer ??= setTimeout(() => this.#late(), this.#timeoutMs)
    this.#timer.ref()
    return this.#add(begun, what, performance.now() + this.#timeoutMs)
  }

  /** For work that ends when it ends. */
  runWithoutDeadline<T>(begun: Promise<T>): Promise<T> {
    return this.#add(begun, '', Number.POSITIVE_INFINITY)
  }

  /** Resolves when all of it has ended, well or not. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#works.values())
  }

  #add<T>(begun: Promise<T>, what: string, until: number): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const work = { what, until, fail: reject }
    this.#works.set(work, promise)
    begun.then(
      (result) => {
        this.#end(work)
        resolve(result)
      },
      (error) => {
        this.#end(work)
        reject(error)
      },
    )
    return promise
  }

  /** The timer stays for the work to come, but keeps no process alive. */
  #end(work: Work): void {
    if (this.#works.delete(work) && this.#works.size === 0) this.#timer?.unref()
  }

  #late(): void {
    this.#timer = undefined
    const now = performance.now()
    for (const work of this.#works.keys()) {
      if (work.until === Number.POSITIVE_INFINITY) continue
      if (work.until > now) {
        this.#timer = setTimeout(() => this.#late(), work.until - now)
        return
      }
      this.#works.delete(work)
      work.fail(timeoutError(work.what, this.#timeoutMs))
    }
  }
}

export function timeoutError(what: string, timeoutMs: number): StorageError {
  return new StorageError('timeout', `${what} took longer than timeoutMs ${timeoutMs}; it may still take effect`)
}
