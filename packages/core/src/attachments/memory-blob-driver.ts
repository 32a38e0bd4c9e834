import { createHash, randomBytes } from 'node:crypto'
import { resolveRange } from '../policy/byte-ranges.ts'
import { StorageError } from '../policy/errors.ts'
import type { UploadDescriptor } from './attachment.ts'
import type {
  BlobContent,
  BlobDriver,
  BlobInfo,
  DownloadRequest,
  ReadOptions,
  UploadClaims,
  WriteOptions,
} from './blob-driver.ts'
import type { UrlSigner } from './url-signer.ts'

interface MemoryBlob {
  readonly info: BlobInfo
  readonly bytes: Buffer
}

const chunkBytes = 64 * 1024

/** The reference driver: what every other one must do, without a backend. Nothing outlives the process. */
export class MemoryBlobDriver implements BlobDriver {
  readonly name = 'memory'
  readonly enforces = { size: true, type: true, checksum: true, createOnly: true }
  /** Of the URLs this driver gives. */
  readonly signer: UrlSigner
  readonly #blobs = new Map<string, MemoryBlob>()

  constructor(signer: UrlSigner) {
    this.signer = signer
  }

  async signUpload(key: string, upload: UploadClaims): Promise<UploadDescriptor> {
    return this.signer.signUpload(key, upload)
  }

  async signDownload(key: string, download: DownloadRequest): Promise<string> {
    return this.signer.signDownload(key, download)
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    return this.#blobs.get(key)?.info
  }

  async read(key: string, { range }: ReadOptions): Promise<BlobContent | undefined> {
    const blob = this.#blobs.get(key)
    if (!blob) return undefined
    const { start, end } = range ? resolveRange(range, blob.info.size) : { start: 0, end: blob.info.size - 1 }
    return { ...blob.info, body: ReadableStream.from(chunksOf(blob.bytes.subarray(start, end + 1))) }
  }

  async write(key: string, body: ReadableStream<Uint8Array>, { type, signal }: WriteOptions): Promise<BlobInfo> {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk))
    signal?.throwIfAborted()
    if (this.#blobs.has(key)) throw new StorageError('conflict', 'memory: the key has bytes already')
    const bytes = Buffer.concat(chunks)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const info = { size: bytes.length, type, etag: randomBytes(16).toString('hex'), sha256 }
    this.#blobs.set(key, { info, bytes })
    return info
  }

  async delete(key: string): Promise<void> {
    this.#blobs.delete(key)
  }

  async list(prefix: string, { after, limit }: { after: string | null; limit: number }): Promise<string[]> {
    const keys = [...this.#blobs.keys()].filter((key) => key.startsWith(prefix) && (after === null || key > after))
    return keys.sort().slice(0, limit)
  }
}

/** Copies, so that nobody who reads can change what is stored. */
function* chunksOf(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield Uint8Array.from(bytes.subarray(at, at + chunkBytes))
}
