import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { patternOf } from './bytes.ts'

export const mib: number = 2 ** 20

/** The sizes of parts that SDKs upload in, in bytes. */
export const partSizes: readonly number[] = [5 * mib, 8 * mib]

/** Around each size of a part: a byte less, exactly, a byte more. */
export const sizesAroundParts: readonly number[] = partSizes.flatMap((size) => [size - 1, size, size + 1])

export interface MadeBytesOptions {
  /** How many bytes come at once; default 65,521. */
  readonly piece?: number
  /** Runs before each piece and before the end. */
  readonly look?: () => void
}

/** Bytes made when they are asked for, so that nobody has to hold the whole; no two pieces are alike. */
export class MadeBytes implements AsyncIterableIterator<Uint8Array<ArrayBuffer>> {
  readonly size: number
  /** How many were asked for. */
  given = 0
  /** Whether the end was told, or whoever asked said that no more are needed. */
  ended = false
  /** Whether a piece was asked for before the one ahead of it had come. */
  hurried = false
  readonly #look: () => void
  readonly #pattern: Uint8Array<ArrayBuffer>
  readonly #hash = createHash('sha256')
  #busy = false

  constructor(size: number, { piece = 65_521, look = () => {} }: MadeBytesOptions = {}) {
    this.size = size
    this.#look = look
    this.#pattern = patternOf(piece)
  }

  /** Of what was given so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }

  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, undefined>> {
    this.hurried ||= this.#busy
    this.#busy = true
    await breathe(this.given, this.#pattern.byteLength)
    this.#busy = false
    const value = this.#make()
    return value ? { done: false, value } : { done: true, value: undefined }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.ended = true
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The same as a stream, which makes nothing ahead. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          await breathe(this.given, this.#pattern.byteLength)
          const piece = this.#make()
          if (piece) controller.enqueue(piece)
          else controller.close()
        },
        cancel: async () => {
          await this.return()
        },
      },
      { highWaterMark: 0 },
    )
  }

  #make(): Uint8Array<ArrayBuffer> | undefined {
    this.#look()
    const piece = this.#pattern.slice(0, this.size - this.given)
    if (piece.byteLength === 0) {
      this.ended = true
      return undefined
    }
    for (let at = 0; at < Math.min(4, piece.byteLength); at += 1) piece[at] = (this.given >>> (8 * at)) & 255
    this.given += piece.byteLength
    this.#hash.update(piece)
    return piece
  }
}

/** What came of a stream, which is read to its end and not held. */
export async function digestOf(
  body: AsyncIterable<Uint8Array>,
  look: () => void = () => {},
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of body) {
    look()
    hash.update(piece)
    size += piece.byteLength
    await breathe(size, piece.byteLength)
  }
  look()
  return { size, sha256: hash.digest('hex') }
}

/** Lets timers and sockets have their turn with every megabyte, also where no store ever waits for anything. */
async function breathe(at: number, piece: number): Promise<void> {
  if (at % mib < piece) await setImmediate()
}
