/** The work that has begun and not ended. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>()

  async run<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work)
    try {
      return await work
    } finally {
      this.#work.delete(work)
    }
  }

  /** Resolves when all of it has ended, well or not. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#work)
  }
}
