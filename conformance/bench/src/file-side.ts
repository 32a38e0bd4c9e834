import type { BodyInput } from '@threadkeep/core'

/** One way to keep files. Bodies are read to their end; nothing of them is kept. */
export interface FileSide {
  /** `adapter`: through the attachment store. `bare`: by the client alone. `bare again`: the same, to show the noise. */
  readonly name: 'adapter' | 'bare' | 'bare again'
  /** A signed upload for so many bytes. */
  sign(id: string, size: number): Promise<SignedUpload>
  write(id: string, body: BodyInput, size: number): Promise<unknown>
  /** The whole, or the bytes from `start` to `end`, both included. */
  read(id: string, range?: { readonly start: number; readonly end: number }): Promise<AsyncIterable<Uint8Array>>
}

export interface SignedUpload {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

/** A backend of files with all the ways to use it. */
export interface FileBench {
  readonly name: string
  /** Product and version. */
  readonly backend: string
  readonly sides: readonly FileSide[]
  close(): Promise<void>
}

export function twice(bare: FileSide): FileSide[] {
  return [bare, { ...bare, name: 'bare again' }]
}

export const mimeType = 'application/octet-stream'
