const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/** Somebody asked the run to end before it was done. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: keyof typeof exitCodes) {
    super(`interrupted by ${signal}`)
    this.exitCode = exitCodes[signal]
  }
}

/** The first SIGINT or SIGTERM, from when it is made until it is stopped; the same signal again ends the process. */
export class Interruption {
  readonly #reject: (reason: Interrupted) => void
  readonly #never: Promise<never>
  #reason: Interrupted | undefined
  readonly #note = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return
    this.#reason = new Interrupted(signal)
    this.#reject(this.#reason)
  }

  constructor() {
    const { promise, reject } = Promise.withResolvers<never>()
    this.#never = promise
    this.#reject = reject
    // Whoever does not wait at that moment asks for the reason later.
    promise.catch(() => {})
    for (const signal of Object.keys(exitCodes)) process.once(signal, this.#note)
  }

  /** Why the run must end; `undefined`: it need not. */
  get reason(): Interrupted | undefined {
    return this.#reason
  }

  /** As the promise, or rejects with `Interrupted` as soon as the run must end. */
  async orEnd<T>(promise: Promise<T>): Promise<T> {
    return await Promise.race([promise, this.#never])
  }

  stop(): void {
    for (const signal of Object.keys(exitCodes)) process.off(signal, this.#note)
  }
}
