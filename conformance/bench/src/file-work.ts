import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { KiB, MiB } from './extent.ts'
import type { FileSide, SignedUpload } from './file-side.ts'

export interface FileWork {
  readonly title: string
  /** Of the file, in bytes. */
  readonly size: number
  run(side: FileSide, turn: number): Promise<unknown>
}

/** What is read was written by the turn of `write a file` of the same size. */
export function fileWorks(size: number): FileWork[] {
  const range = { start: Math.floor(size / 2), end: Math.floor(size / 2) + Math.min(size / 4, 64 * KiB) - 1 }
  return [
    { title: 'sign an upload', size, run: (side, turn) => side.sign(`signed-${turn}`, size) },
    {
      title: 'upload to a signed URL',
      size,
      run: async (side, turn) => uploadTo(await side.sign(idOf(side, 'uploaded', size, turn), size), size),
    },
    {
      title: 'write a file',
      size,
      run: (side, turn) => side.write(idOf(side, 'written', size, turn), bodyOf(size), size),
    },
    {
      title: 'read a file',
      size,
      run: async (side) => drain(await side.read(idOf(side, 'written', size, 0)), size),
    },
    {
      title: 'read 64 KiB of it',
      size,
      run: async (side) => drain(await side.read(idOf(side, 'written', size, 0), range), range.end - range.start + 1),
    },
  ]
}

function idOf(side: FileSide, what: string, size: number, turn: number): string {
  return `${side.name}-${what}-${size}-${turn}`
}

/** Up to here a body is in memory; what is larger comes as it is asked for. */
const inMemory = MiB
const chunk = new Uint8Array(64 * KiB).fill(0x61)

function bodyOf(size: number): Uint8Array | AsyncIterable<Uint8Array> {
  return size <= inMemory ? new Uint8Array(size).fill(0x61) : chunks(size)
}

async function* chunks(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}

/** As a plain HTTP client does, with the length that browsers add by themselves. */
async function uploadTo({ url, method, headers }: SignedUpload, size: number): Promise<void> {
  const upload = request(url, { method, headers: { ...headers, 'content-length': size } })
  const answered = once(upload, 'response')
  await pipeline(Readable.from(chunks(size)), upload)
  const [response] = (await answered) as [IncomingMessage]
  if (response.statusCode === undefined || response.statusCode >= 300) {
    throw new Error(`a signed upload was answered with ${response.statusCode}`)
  }
  await drain(response, null)
}

/** Reads to the end. Another number of bytes than was expected would be no measurement: it throws. */
async function drain(body: AsyncIterable<Uint8Array>, expected: number | null): Promise<void> {
  let bytes = 0
  for await (const part of body) bytes += part.byteLength
  if (expected !== null && bytes !== expected) throw new Error(`${bytes} bytes came, not ${expected}`)
}
