import { StorageError } from './errors.ts'

const maxNameBytes = 1024

/** Gives the name back when it is a well-formed string of 1 to 1,024 bytes without NUL; else `invalid_argument`. */
export function checkFileName(name: unknown): string {
  if (typeof name === 'string' && name !== '' && Buffer.byteLength(name) <= maxNameBytes) {
    if (name.isWellFormed() && !name.includes('\0')) return name
  }
  throw new StorageError(
    'invalid_argument',
    `name must be a well-formed string of 1 to ${maxNameBytes} bytes without NUL`,
  )
}

/**
 * A `Content-Disposition` header after RFC 6266 and RFC 8187: a plain fallback, and the name itself in UTF-8. Control
 * characters and those that reorder text are left out, so a name cannot break the header or show a false ending.
 */
export function contentDisposition(disposition: 'inline' | 'attachment', name: string): string {
  const clean = name.toWellFormed().replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '') || 'file'
  const plain = clean.replaceAll(/[^ !#$&+.0-9A-Z^_`a-z|~()[\]{}@,;=-]/g, '_')
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encodeExtended(clean)}`
}

function encodeExtended(text: string): string {
  const byte = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(text).replaceAll(/['()*!~]/g, byte)
}
