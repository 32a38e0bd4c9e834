import { Refusal } from './refusal.ts'

/** How much of a form may be anything but the file, in bytes. */
export const maxFormOverhead: number = 64 * 1024

/** The field `file` of a multipart form, while it arrives. */
export interface FormFile {
  /** The media type it is declared as. */
  readonly type: string
  /** Fails when the form ends before the file does. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Reads a form up to its field `file`. */
export async function readFormFile(contentType: string, body: AsyncIterable<Uint8Array>): Promise<FormFile> {
  const boundary = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(contentType)
  if (!boundary) throw new Refusal(415, 'unsupported_type', 'POST takes multipart/form-data')
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`)
  const form = new FormReader(body)
  await form.textUntil(delimiter)
  for (;;) {
    const head = await form.textUntil(endOfHead)
    const type = /^content-type:[ \t]*(.+)$/im.exec(head)?.[1] ?? 'text/plain' // what a part is that does not say
    if (/^content-disposition:.*[;\s]name=(file(;|$)|"file")/im.test(head)) return { type, bytes: form.file(delimiter) }
    await form.textUntil(delimiter)
  }
}

const endOfHead = Buffer.from('\r\n\r\n')

class FormReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #buffer: Buffer = Buffer.from('\r\n') // so that the first delimiter looks like the others
  #overhead = 0

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#chunks = body[Symbol.asyncIterator]()
  }

  async textUntil(delimiter: Buffer): Promise<string> {
    const pieces: Buffer[] = []
    for await (const piece of this.#until(delimiter)) {
      this.#count(piece)
      pieces.push(piece)
    }
    return Buffer.concat(pieces).toString()
  }

  /** The bytes up to the delimiter; what follows them is read too, so that the connection can be used again. */
  async *file(delimiter: Buffer): AsyncGenerator<Uint8Array> {
    yield* this.#until(delimiter)
    while (await this.#fill()) {
      this.#count(this.#buffer)
      this.#buffer = Buffer.alloc(0)
    }
  }

  async *#until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const buffer = this.#buffer
      const at = buffer.indexOf(delimiter)
      const end = at < 0 ? Math.max(0, buffer.length - delimiter.length + 1) : at
      this.#buffer = buffer.subarray(at < 0 ? end : at + delimiter.length)
      if (end > 0) yield buffer.subarray(0, end)
      if (at >= 0) return
      if (!(await this.#fill())) throw new Refusal(400, 'invalid_argument', 'the form has no whole field named file')
    }
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (!done) this.#buffer = Buffer.concat([this.#buffer, value])
    return !done
  }

  #count(piece: Uint8Array): void {
    this.#overhead += piece.byteLength
    if (this.#overhead > maxFormOverhead) throw new Refusal(413, 'too_large', 'the form is larger than its file')
  }
}
