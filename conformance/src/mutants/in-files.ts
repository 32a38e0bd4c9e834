import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StorageError } from '@threadkeep/core'
import { type BlobDriver, type BlobInfo, resolveRange } from '@threadkeep/core/driver'

/** Keeps bytes in a folder, for faults that only a store can have which does not hold them. */
export function inFiles(folder: string): Partial<BlobDriver> {
  const infos = new Map<string, BlobInfo>()
  return {
    head: async (key) => infos.get(key),
    async read(key, { range }) {
      const info = infos.get(key)
      if (!info) return undefined
      const { start, end } = range ? resolveRange(range, info.size) : { start: 0, end: info.size - 1 }
      const body = start > end ? [] : createReadStream(join(folder, info.etag), { start, end })
      return { ...info, body: ReadableStream.from<Uint8Array>(body) }
    },
    async write(key, body, { type }) {
      const etag = randomUUID()
      const hash = createHash('sha256')
      let size = 0
      const measured = async function* () {
        for await (const chunk of body) {
          hash.update(chunk)
          size += chunk.byteLength
          yield chunk
        }
      }
      await pipeline(measured, createWriteStream(join(folder, etag)))
      if (infos.has(key)) throw new StorageError('conflict', 'the key has bytes already')
      const info = { size, type, etag, sha256: hash.digest('hex') }
      infos.set(key, info)
      return info
    },
    async delete(key) {
      infos.delete(key)
    },
  }
}
