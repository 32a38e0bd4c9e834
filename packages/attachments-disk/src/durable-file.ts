import { createHash } from 'node:crypto'
import { constants, link, lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AttachmentNotFoundError } from '@threadkeep/core'

const chunkBytes = 128 * 1024
const dayMs = 24 * 60 * 60 * 1000

/** What keeps a symbolic link from being followed; Windows has nothing like it. */
export const readOnly: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)

/** Writes a new file that is on the disk when this resolves. */
export async function writeDurably(path: string, content: string | AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** As `writeDurably`, and tells what was written. */
export async function writeMeasured(
  path: string,
  body: AsyncIterable<Uint8Array>,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  async function* measured() {
    for await (const chunk of body) {
      hash.update(chunk)
      size += chunk.byteLength
      yield chunk
    }
  }
  await writeDurably(path, measured())
  return { size, sha256: hash.digest('hex') }
}

/** Makes renames, links and removals in a folder last. Windows cannot, and needs not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Of several writers of one record, `link` lets the first in; the others take their bytes away again. */
export async function publish(
  from: { bytes: string; record: string },
  to: { bytes: string; record: string },
): Promise<void> {
  await rename(from.bytes, to.bytes)
  try {
    await link(from.record, to.record)
  } catch (error) {
    await rm(to.bytes, { force: true })
    throw error
  }
}

/** The bytes from `start` to `end`, inclusive. The file is open from the first one that is asked for to the last. */
export async function* readBytes(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (start > end) return
  const file = await open(path, readOnly).catch(deletedMeanwhile)
  try {
    for (let at = start; at <= end; ) {
      const chunk = new Uint8Array(Math.min(chunkBytes, end + 1 - at))
      const { bytesRead } = await file.read(chunk, 0, chunk.byteLength, at)
      if (bytesRead === 0) throw new Error(`the file ends at ${at}, before ${end}`)
      at += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Removes the files of a folder that nobody has written to for a day. */
export async function removeOld(folder: string, isMeant: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder)).filter(isMeant)) {
    const info = await lstat(join(folder, name)).catch(() => undefined)
    if (info && Date.now() - info.mtimeMs > dayMs) await rm(join(folder, name), { recursive: true, force: true })
  }
}

function deletedMeanwhile(cause: unknown): never {
  if (!isMissing(cause)) throw cause
  throw new AttachmentNotFoundError('disk: the bytes were deleted while they were read', { cause })
}

/** Whether this is the error of a path that does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
