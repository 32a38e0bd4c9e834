import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { mib } from './made-bytes.ts'

/** How much more memory a transfer may hold than there was before it, in bytes. */
const mostHeld: number = 32 * mib

/** Watches how much more memory this process holds. Garbage does not count, so it is the same whenever V8 collects. */
export class HeldMemory {
  readonly #before: number
  #most = 0

  constructor() {
    collectGarbage()
    this.#before = held()
  }

  /** Whether it was more than `mostHeld` once. */
  get exceeded(): boolean {
    return this.#most > mostHeld
  }

  /** Collects garbage only where it could make a difference. */
  look(): void {
    if (this.exceeded) return
    let more = held() - this.#before
    if (more > mostHeld) {
      collectGarbage()
      more = held() - this.#before
    }
    this.#most = Math.max(this.#most, more)
  }

  expectBounded(what: string): void {
    assert.ok(!this.exceeded, `${what} held ${this.#most} bytes at once, more than ${mostHeld}`)
  }
}

/** `external` counts late what was freed, and does not count what a Blob holds; `arrayBuffers` does not count Buffers of native code. */
function held(): number {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}

/** Twice: what the first frees is taken off the figures by the second. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  collect()
  collect()
}
