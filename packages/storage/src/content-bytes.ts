import { StorageError } from '@threadkeep/core'

/** What a content may be given as: bytes, base64, or a `data:` URL. */
export type ContentInput = Uint8Array | string

/**
 * The bytes. Text that is neither strict base64 nor a data URL: `invalid_argument`, rather than bytes nobody meant.
 * @internal
 */
export function bytesOf(content: ContentInput): Uint8Array {
  if (content instanceof Uint8Array) return content
  if (typeof content !== 'string') throw invalid('content must be bytes, base64 or a data URL')
  const url = dataUrl.exec(content)
  if (!url) return fromBase64(content)
  return url[2] === undefined ? fromPercent(url[3] ?? '') : fromBase64(url[3] ?? '')
}

/** The content as base64; text that is no data URL is taken for it. @internal */
export function base64Of(content: ContentInput | undefined): string | null {
  if (content === undefined) return null
  if (typeof content === 'string' && !dataUrl.test(content)) return content
  return Buffer.from(bytesOf(content)).toString('base64')
}

/** The media type that a data URL names; `undefined` for other contents. @internal */
export function typeOfDataUrl(content: ContentInput | undefined): string | undefined {
  return typeof content === 'string' ? dataUrl.exec(content)?.[1] || undefined : undefined
}

const dataUrl = /^data:([^,;]*)(?:;(?!base64,)[^,;]*)*(;base64)?,(.*)$/s

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') === text) return bytes
  throw invalid('content is not base64: A-Z a-z 0-9 + /, padded with =, without line breaks')
}

function fromPercent(text: string): Uint8Array {
  const bytes = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

function invalid(message: string): StorageError {
  return new StorageError('invalid_argument', message)
}
