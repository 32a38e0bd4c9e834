import type { StoredRecord } from '../store/store-driver.ts'
import { StorageError } from './errors.ts'
import { checkId } from './ids.ts'
import { newPosition } from './position.ts'

/** A value as it is stored, and the id it was stored under. */
export interface Snapshot {
  readonly id: string
  readonly record: StoredRecord
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
  const fields = fieldsOf(value, dropped) ?? parsed(what, text)
  const id = checkId(`${what}.id`, fields.id)
  const body = dropped.some((field) => field in fields) ? JSON.stringify(without(fields, dropped)) : `${text}`
  const bytes = Buffer.byteLength(body)
  if (bytes > maxBodyBytes) {
    throw new StorageError(
      'too_large',
      `${what} ${id} has ${bytes} bytes as JSON, more than maxBodyBytes ${maxBodyBytes}`,
    )
  }
  return { id, record: { position: newPosition(fields.created_at), body } }
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

/**
 * The fields that core reads, where the value itself must say what its JSON says; `undefined`: one has to look. Reading
 * the JSON again would be half of a snapshot's time.
 */
function fieldsOf(value: unknown, dropped: readonly string[]): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return undefined
  if (Object.getPrototypeOf(value) !== Object.prototype || dropped.some((field) => field in value)) return undefined
  const [id, created_at] = [ownText(value, 'id'), ownText(value, 'created_at')]
  return id === undefined || created_at === undefined ? undefined : { id, created_at }
}

function ownText(value: object, field: string): string | undefined {
  const own = Object.getOwnPropertyDescriptor(value, field)
  return own?.enumerable && typeof own.value === 'string' ? own.value : undefined
}

function parsed(what: string, text: string | undefined): Record<string, unknown> {
  const copy: unknown = text === undefined ? undefined : JSON.parse(text)
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy as Record<string, unknown>
  throw new StorageError('invalid_argument', `${what} must be an object`)
}

function without(fields: Record<string, unknown>, dropped: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !dropped.includes(field)))
}
