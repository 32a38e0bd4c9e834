import { StorageError } from './errors.ts'
import { checkId } from './ids.ts'
import { newPosition } from './position.ts'

/** A value as it is stored, and the id it was stored under. */
export interface Snapshot {
  readonly id: string
  readonly position: string
  readonly body: string
}

/**
 * Takes a snapshot of a thread, an item or an attachment as JSON text; `dropped` fields are left out. Not an object,
 * without a good id or not expressible as JSON: `invalid_argument`; more than `maxBodyBytes`: `too_large`.
 */
export function toSnapshot(
  what: string,
  value: unknown,
  maxBodyBytes: number,
  dropped: readonly string[] = [],
): Snapshot {
  const text = textOf(what, value)
  const copy: unknown = text === undefined ? undefined : JSON.parse(text)
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy)) {
    throw new StorageError('invalid_argument', `${what} must be an object`)
  }
  const fields = copy as Record<string, unknown>
  const id = checkId(`${what}.id`, fields.id)
  const body = dropped.some((field) => field in fields) ? JSON.stringify(without(fields, dropped)) : `${text}`
  const bytes = Buffer.byteLength(body)
  if (bytes > maxBodyBytes) {
    throw new StorageError(
      'too_large',
      `${what} ${id} has ${bytes} bytes as JSON, more than maxBodyBytes ${maxBodyBytes}`,
    )
  }
  return { id, position: newPosition(fields.created_at), body }
}

/** A fresh copy of what was stored. */
export function fromBody<T>(body: string): T {
  return JSON.parse(body) as T
}

/** What goes in is what JSON makes of it, whatever the class, getters or `toJSON` of the value. */
function textOf(what: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new StorageError('invalid_argument', `${what} cannot be written as JSON`, { cause })
  }
}

function without(fields: Record<string, unknown>, dropped: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !dropped.includes(field)))
}
