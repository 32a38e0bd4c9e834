/** Says on one line what is under way and since when; on many where no terminal shows them. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #began = Date.now()

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  next(step: string): void {
    const seconds = Math.round((Date.now() - this.#began) / 1000)
    const line = `${String(seconds).padStart(5)} s  ${step}`
    if (!this.#stream.isTTY) this.#stream.write(`${line}\n`)
    else this.#stream.write(`\r\x1b[K${line.slice(0, this.#stream.columns - 1)}`)
  }

  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K')
  }
}
