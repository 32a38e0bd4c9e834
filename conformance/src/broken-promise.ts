/** A case failed: its message says which promise does not hold, its cause what was seen. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'

  constructor(id: string, promise: string, cause: unknown) {
    super(`${id}: ${promise}\n  ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
