import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type'

/**
 * What the first bytes of a file look like. Of a type that has signs of its own, such as an image, bytes without any are
 * something else; text has none.
 */
export async function detectType(firstBytes: Uint8Array, announced: string): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(firstBytes)
  if (found) return found.mime
  return supportedMimeTypes.has(announced) ? 'application/octet-stream' : undefined
}
