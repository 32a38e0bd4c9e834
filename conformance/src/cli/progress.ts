import type { Writable } from 'node:stream'

const clearLine = '\r\x1b[2K'

/** Shows how far a run is: one line that changes on a terminal, a line for each case elsewhere. */
export class Progress {
  readonly #out: Writable
  readonly #total: number
  readonly #live: boolean
  #done = 0
  #failed = 0

  constructor(out: Writable & { readonly isTTY?: boolean }, total: number) {
    this.#out = out
    this.#total = total
    this.#live = out.isTTY === true
  }

  begins(id: string): void {
    if (!this.#live) return
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : ''
    this.#out.write(`${clearLine}${this.#done + 1}/${this.#total}${failed}: ${id}`)
  }

  ended(id: string, result: 'passed' | 'failed' | 'skipped', note = ''): void {
    this.#done += 1
    if (result === 'failed') this.#failed += 1
    const mark = { passed: '✓', failed: '✗', skipped: '-' }[result]
    if (!this.#live) this.#out.write(`${mark} ${id}${note && `: ${note}`}\n`)
    else if (result === 'failed') this.#out.write(`${clearLine}${mark} ${id}\n`)
  }

  end(): void {
    if (this.#live) this.#out.write(clearLine)
  }
}
