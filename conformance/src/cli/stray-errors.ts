/** Errors that nobody awaited or caught, from when it is made until it is stopped. */
export class StrayErrors {
  #errors: unknown[] = []
  readonly #note = (error: unknown): void => {
    this.#errors.push(error)
  }

  constructor() {
    process.on('unhandledRejection', this.#note)
    process.on('uncaughtException', this.#note)
  }

  /** Those that came since the last call. */
  async take(): Promise<Error[]> {
    // A rejection counts as unhandled only at the end of the turn it came in.
    await new Promise((resolve) => setImmediate(resolve))
    const errors = this.#errors.map((cause) => new Error('nobody awaited this error', { cause }))
    this.#errors = []
    return errors
  }

  stop(): void {
    process.off('unhandledRejection', this.#note)
    process.off('uncaughtException', this.#note)
  }
}
