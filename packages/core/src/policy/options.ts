import { StorageError } from './errors.ts'

/** The longest delay a timer takes, in milliseconds. */
export const maxTimeoutMs: number = 2 ** 31 - 1

/** Gives a number option back, or its default when it is absent. Not a whole number from 1 to `max`: `invalid_argument`. */
export function wholeNumber(name: string, value: number | undefined, byDefault: number, max?: number): number {
  if (value === undefined) return byDefault
  const most = max ?? Number.MAX_SAFE_INTEGER
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new StorageError('invalid_argument', `option ${name} must be a whole number from 1 to ${most}`)
}
