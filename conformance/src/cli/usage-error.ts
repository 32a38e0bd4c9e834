/** The suite could not begin: wrong arguments, or a target that cannot be opened. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
