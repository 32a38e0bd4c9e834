import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobContent, BlobInfo, ErrorCode, Finding, UploadDescriptor } from '@threadkeep/core'
import {
  type BlobDriver,
  type DownloadRequest,
  type ReadOptions,
  resolveRange,
  type UploadClaims,
  type UrlSigner,
  type WriteOptions,
} from '@threadkeep/core/driver'
import { publish, readBytes, readOnly, removeOld, syncFolder, writeDurably, writeMeasured } from './durable-file.ts'
import { ObjectFolders, type ObjectPlace } from './object-folders.ts'

/** What is in the record of an object, whose appearance is the moment the object is stored. */
interface DiskRecord {
  readonly type: string
  readonly name: string | null
  readonly size: number
  readonly sha256: string
  /** The token that names the file of its bytes. */
  readonly data: string
}

/** The commands of an attachment store on a disk. */
export class DiskDriver implements BlobDriver {
  readonly name = 'disk'
  readonly enforces = { size: true, type: true, checksum: true, createOnly: true }
  /** Of the URLs this driver gives. */
  readonly signer: UrlSigner
  readonly #folders: ObjectFolders

  constructor(directory: string, signer: UrlSigner) {
    this.#folders = new ObjectFolders(directory)
    this.signer = signer
  }

  async signUpload(key: string, upload: UploadClaims): Promise<UploadDescriptor> {
    return this.signer.signUpload(key, upload)
  }

  async signDownload(key: string, download: DownloadRequest): Promise<string> {
    return this.signer.signDownload(key, download)
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const { record } = await this.#find(key)
    return record && toInfo(record)
  }

  async read(key: string, { range }: ReadOptions): Promise<BlobContent | undefined> {
    const { place, record } = await this.#find(key)
    if (!place || !record) return undefined
    const { start, end } = range ? resolveRange(range, record.size) : { start: 0, end: record.size - 1 }
    return { ...toInfo(record), body: ReadableStream.from(readBytes(bytesPath(place, record.data), start, end)) }
  }

  /** The bytes become a file beside the record first; the link that makes the record is what stores them. */
  async write(key: string, body: ReadableStream<Uint8Array>, options: WriteOptions): Promise<BlobInfo> {
    const { type, name, signal } = options
    const token = randomBytes(16).toString('hex')
    const incoming = { bytes: this.#folders.incoming(token), record: this.#folders.incoming(`${token}.json`) }
    const place = await this.#folders.make(key)
    try {
      const record: DiskRecord = { type, name, ...(await writeMeasured(incoming.bytes, body)), data: token }
      await writeDurably(incoming.record, JSON.stringify(record))
      signal?.throwIfAborted()
      await publish(incoming, { bytes: bytesPath(place, token), record: recordPath(place) })
      await syncFolder(place.folder)
      return toInfo(record)
    } finally {
      await rm(incoming.bytes, { force: true })
      await rm(incoming.record, { force: true })
    }
  }

  /** Takes the record away first, so that of two deletions and a new upload nobody removes another's bytes. */
  async delete(key: string): Promise<void> {
    const place = await this.#folders.find(key)
    if (!place) return
    const taken = this.#folders.incoming(`${randomBytes(16).toString('hex')}.json`)
    const record = await this.#folders.orMissing(async () => {
      await rename(recordPath(place), taken)
      return readRecord(taken)
    })
    if (record) await rm(bytesPath(place, record.data), { force: true })
    await rm(taken, { force: true })
    await removeOld(place.folder, (name) => name.startsWith(`${place.stem}.`) && name !== `${place.stem}.json`)
    await syncFolder(place.folder)
  }

  async list(prefix: string, { after, limit }: { after: string | null; limit: number }): Promise<string[]> {
    const keys: string[] = []
    for await (const key of this.#folders.keys(prefix, after)) {
      keys.push(key)
      if (keys.length === limit) break
    }
    return keys
  }

  /** Makes the folders, and removes what uploads that were cut off left behind a day ago. */
  async setup(): Promise<void> {
    await this.#folders.setup()
    await removeOld(this.#folders.incoming(), () => true)
  }

  async ping(): Promise<void> {
    await this.#folders.ping()
  }

  async check(): Promise<Finding[]> {
    try {
      await this.#probe()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : 'it gave other bytes back'
      return [{ topic: 'reachable', level: 'error', message: `the directory cannot be used (${code}); call setup()` }]
    }
    const { mode } = await stat(this.#folders.directory)
    const isPrivate = process.platform === 'win32' || (mode & 0o077) === 0
    const { bavail, bsize } = await statfs(this.#folders.directory)
    const free = (bavail * bsize) / 1024 ** 3
    return [
      { topic: 'reachable', level: 'ok', message: 'a file was written, read in part and deleted' },
      isPrivate
        ? { topic: 'permissions', level: 'ok', message: 'the directory is for this user alone' }
        : { topic: 'permissions', level: 'warning', message: 'other users may enter the directory; chmod 700 it' },
      { topic: 'space', level: free < 1 ? 'warning' : 'ok', message: `${free.toFixed(1)} GiB are free` },
    ]
  }

  classify(error: unknown): ErrorCode | undefined {
    return error instanceof Error && 'code' in error ? codes[String(error.code)] : undefined
  }
  async #find(key: string): Promise<{ place?: ObjectPlace; record?: DiskRecord | undefined }> {
    const place = await this.#folders.find(key)
    if (!place) return {}
    return { place, record: await this.#folders.orMissing(() => readRecord(recordPath(place))) }
  }

  async #probe(): Promise<void> {
    const folder = `~check-${randomBytes(16).toString('hex')}`
    const key = `${folder}/probe`
    try {
      const body = new Blob(['probe']).stream()
      await this.write(key, body, { type: 'text/plain', name: null, size: 5, signal: null })
      const content = await this.read(key, { range: { start: 1, end: 3 }, signal: null })
      if ((await new Response(content?.body ?? null).text()) !== 'rob') throw new Error('other bytes came back')
      await this.delete(key)
    } finally {
      await rm(join(this.#folders.directory, folder), { recursive: true, force: true })
    }
  }
}

const codes: Record<string, ErrorCode> = {
  EEXIST: 'conflict',
  EACCES: 'configuration',
  ELOOP: 'configuration',
  ENOENT: 'configuration',
  ENOTDIR: 'configuration',
  ENOTSUP: 'configuration',
  EPERM: 'configuration',
  EROFS: 'configuration',
  EFBIG: 'too_large',
  EBUSY: 'unavailable',
  EDQUOT: 'unavailable',
  EIO: 'unavailable',
  EMFILE: 'unavailable',
  ENFILE: 'unavailable',
  ENOSPC: 'unavailable',
  ESTALE: 'unavailable',
}

function recordPath({ folder, stem }: ObjectPlace): string {
  return join(folder, `${stem}.json`)
}

function bytesPath({ folder, stem }: ObjectPlace, token: string): string {
  return join(folder, `${stem}.${token}`)
}

async function readRecord(path: string): Promise<DiskRecord> {
  return JSON.parse(await readFile(path, { encoding: 'utf8', flag: readOnly })) as DiskRecord
}

function toInfo({ type, size, sha256, data }: DiskRecord): BlobInfo {
  return { size, type, etag: data, sha256 }
}
