import { contentDisposition } from './file-names.ts'
import { isInlineType, safeType } from './media-types.ts'

/**
 * The `Content-Type` and the `Content-Disposition` to give bytes with, whatever they are said to be: a type that is not
 * safe to show in place is downloaded, and one that a browser might run is no longer called so.
 */
export function presentation(
  name: string,
  type: string,
  disposition: 'inline' | 'attachment',
): { type: string; disposition: string } {
  const shown = disposition === 'inline' && isInlineType(type) ? 'inline' : 'attachment'
  return { type: safeType(type), disposition: contentDisposition(shown, name) }
}
