import { createHash } from 'node:crypto'
import { StorageError } from './errors.ts'
import { checkAttachmentId } from './ids.ts'

const maxScopeBytes = 200

/** Gives the option back, `''` when it is absent. Anything but folders of `A-Z a-z 0-9 _ -`: `invalid_argument`. */
export function checkPrefix(prefix: unknown): string {
  if (prefix === undefined || prefix === '') return ''
  if (typeof prefix === 'string' && /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*\/?$/.test(prefix)) return prefix
  throw new StorageError('invalid_argument', 'option prefix must be folders of A-Z a-z 0-9 _ - joined by /')
}

/** Where an attachment's bytes are: `prefix/scope/id`. The file's name is never part of it. */
export function objectKey(prefix: string, scope: string, attachmentId: unknown): string {
  return `${scopePrefix(prefix, scope)}${checkAttachmentId(attachmentId)}`
}

/** What the keys of one scope begin with, with its closing `/`, so that `a/` never matches `ab/`. */
export function scopePrefix(prefix: string, scope: string): string {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  return `${folder}${encodeScope(scope)}/`
}

/**
 * Injective, also where a file system folds case: lowercase letters, digits, `_` and `-` stay, every other byte becomes
 * `=` and two hex digits. Longer than 200 bytes, it becomes `~` and the scope's sha256, which no encoded scope can be.
 */
function encodeScope(scope: string): string {
  const encoded = Buffer.from(scope).reduce((text, byte) => text + encodeByte(byte), '')
  return encoded.length > maxScopeBytes ? `~${createHash('sha256').update(scope).digest('hex')}` : encoded
}

function encodeByte(byte: number): string {
  const char = String.fromCharCode(byte)
  return /[a-z0-9_-]/.test(char) ? char : `=${byte.toString(16).padStart(2, '0')}`
}
