/** No server of this kind can be had here. */
export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable'
  readonly backend: string
  /** One line for each way that was tried, in order. */
  readonly reasons: readonly string[]

  constructor(backend: string, reasons: readonly string[]) {
    super(`no ${backend} to test against: ${reasons.join('; ')}`)
    this.backend = backend
    this.reasons = reasons
  }
}
