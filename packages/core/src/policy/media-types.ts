import { StorageError } from './errors.ts'

const generic = 'application/octet-stream'

/** What a browser may show in place; everything else is downloaded. No type here can run a script. */
const inline =
  /^(image\/(png|jpeg|gif|webp|avif|bmp|x-icon)|(audio|video)\/(mp4|mpeg|ogg|wav|webm|aac|flac)|application\/pdf|text\/plain)$/

/** What a browser might run if it were served as itself. */
const active = /html|svg|\bxml|xsl|script|flash|cache-manifest|mathml|^multipart\//

/** A media type without its parameters, in lowercase; absent or `''` is `application/octet-stream`. */
export function mediaType(type: unknown): string {
  if (type === undefined || type === null || type === '') return generic
  const essence = typeof type === 'string' ? (type.split(';')[0] ?? '').trim().toLowerCase() : ''
  if (/^[a-z0-9!#$&^_.+-]{1,63}\/[a-z0-9!#$&^_.+-]{1,63}$/.test(essence)) return essence
  throw new StorageError('invalid_argument', 'mime_type must be a media type such as image/png')
}

/** Refuses a type that is not on the list; `image/*` allows all images. An absent list allows every type. */
export function checkAllowed(type: string, allowedTypes: readonly string[] | undefined): void {
  if (!allowedTypes) return
  const matches = (allowed: string) =>
    allowed === type || allowed === '*/*' || (allowed.endsWith('/*') && type.startsWith(allowed.slice(0, -1)))
  if (allowedTypes.some((allowed) => matches(allowed.toLowerCase()))) return
  throw new StorageError('unsupported_type', `${type} is not one of the allowed types: ${allowedTypes.join(', ')}`)
}

/** The type to answer a download with. */
export function safeType(type: string): string {
  return active.test(type) ? generic : type
}

/** Whether a browser may show bytes of this type in place. */
export function isInlineType(type: string): boolean {
  return inline.test(type)
}
