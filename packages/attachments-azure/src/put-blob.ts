import { createHash, randomUUID } from 'node:crypto'
import type { BlobHTTPHeaders, BlockBlobClient, BlockBlobCommitBlockListOptions } from '@azure/storage-blob'
import { StorageError } from '@threadkeep/core'
import { answered, codeOf, isMissing } from './azure-client.ts'

/** This much is in memory for each of the blocks under way, and for the two after them. */
const blockBytes = 4 * 1024 * 1024
const blocksAtOnce = 2

interface PutOptions {
  readonly headers: BlobHTTPHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly signal: AbortSignal | null
  readonly timeoutMs: number
}

interface StoredBlob {
  readonly etag?: string | undefined
  /** In bytes. */
  readonly size: number
  /** Lowercase hex. */
  readonly sha256: string
}

/** One request for what fits a block, else blocks that become a blob with the last request, or are removed. */
export async function putBlob(
  blob: BlockBlobClient,
  body: ReadableStream<Uint8Array>,
  { headers, metadata, signal, timeoutMs }: PutOptions,
): Promise<StoredBlob> {
  const write = randomUUID()
  const blocks = new StagedBlocks(blob, write, signal)
  const hash = createHash('sha256')
  let size = 0
  let last = Buffer.alloc(0)
  try {
    for await (const block of blocksOf(body, () => blocks.free())) {
      if (size > 0) await blocks.stage(last)
      hash.update(block)
      size += block.byteLength
      last = block
    }
    const sha256 = hash.digest('hex')
    const named = { blobHTTPHeaders: headers, metadata: { ...metadata, write, sha256 } }
    const options = { ...named, conditions: { ifNoneMatch: '*' }, ...(signal && { abortSignal: signal }) }
    const put = () => blob.upload(last, size, { ...options, transactionalContentMD5: md5(last) })
    const stored = blocks.isEmpty ? put() : blocks.commit(last, options)
    const { etag } = await stored.catch((error: unknown) => ownBlob(blob, { write, timeoutMs }, error))
    return { etag, size, sha256 }
  } catch (error) {
    await blocks.discard(timeoutMs)
    throw error
  }
}

/** A request that the SDK sent again, because an answer was lost, may meet the blob that it made itself. */
async function ownBlob(
  blob: BlockBlobClient,
  { write, timeoutMs }: { readonly write: string; readonly timeoutMs: number },
  cause: unknown,
): Promise<{ etag?: string | undefined }> {
  if (!['BlobAlreadyExists', 'InvalidBlockList'].includes(codeOf(cause))) throw cause
  const found = await answered(timeoutMs, null, (abortSignal) => blob.getProperties({ abortSignal }).catch(isMissing))
  if (found?.metadata?.write === write) return found
  throw found ? new StorageError('conflict', 'azure: the blob is there already', { cause }) : cause
}

/** The blocks of one write, which nobody sees before they are committed. */
class StagedBlocks {
  readonly #blob: BlockBlobClient
  readonly #write: string
  readonly #abort = new AbortController()
  readonly #signal: AbortSignal
  readonly #ids: string[] = []
  readonly #underWay = new Set<Promise<void>>()
  readonly #free: Buffer<ArrayBuffer>[] = []

  constructor(blob: BlockBlobClient, write: string, signal: AbortSignal | null) {
    this.#blob = blob
    this.#write = write
    this.#signal = signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal
  }

  get isEmpty(): boolean {
    return this.#ids.length === 0
  }

  /** The memory of a block, of one that was sent when there is one. */
  free(): Buffer<ArrayBuffer> {
    return this.#free.pop() ?? Buffer.allocUnsafe(blockBytes)
  }

  /** Waits while too many blocks are under way; rejects when one of them failed. */
  async stage(block: Buffer<ArrayBuffer>): Promise<void> {
    // All blocks of a blob need ids of one length, and those of another write must not be these.
    const id = Buffer.from(`${this.#write}-${String(this.#ids.length).padStart(5, '0')}`).toString('base64')
    this.#ids.push(id)
    if (this.#underWay.size >= blocksAtOnce) await Promise.race(this.#underWay)
    const staged = this.#send(id, block).then(() => {
      this.#underWay.delete(staged)
      if (block.byteLength === blockBytes) this.#free.push(block)
    })
    staged.catch(() => {}) // told by the race, or at the end
    this.#underWay.add(staged)
  }

  async commit(
    last: Buffer<ArrayBuffer>,
    options: BlockBlobCommitBlockListOptions,
  ): Promise<{ etag?: string | undefined }> {
    await this.stage(last)
    await Promise.all(this.#underWay)
    return this.#blob.commitBlockList(this.#ids, options)
  }

  /**
   * Blocks go with the blob that they belong to. So an empty one is made, which cannot be anybody else's, and deleted.
   * What this leaves, when the service is away, Azure removes after a week.
   */
  async discard(timeoutMs: number): Promise<void> {
    if (this.isEmpty) return
    this.#abort.abort()
    await Promise.allSettled(this.#underWay)
    await answered(timeoutMs, null, async (abortSignal) => {
      const { etag } = await this.#blob.commitBlockList([], { conditions: { ifNoneMatch: '*' }, abortSignal })
      await this.#blob.delete({ conditions: { ...(etag && { ifMatch: etag }) }, abortSignal })
    }).catch(() => {}) // whoever wrote is told why
  }

  async #send(id: string, block: Buffer): Promise<void> {
    const transactionalContentMD5 = md5(block)
    const options = { transactionalContentMD5, abortSignal: this.#signal }
    await this.#blob.stageBlock(id, block, block.byteLength, options)
  }
}

/** The same bytes in blocks, all of one size but the last. */
async function* blocksOf(
  body: ReadableStream<Uint8Array>,
  free: () => Buffer<ArrayBuffer>,
): AsyncGenerator<Buffer<ArrayBuffer>> {
  let block = free()
  let filled = 0
  for await (const chunk of body) {
    for (let at = 0; at < chunk.byteLength; ) {
      const end = Math.min(chunk.byteLength, at + blockBytes - filled)
      block.set(chunk.subarray(at, end), filled)
      filled += end - at
      at = end
      if (filled < blockBytes) continue
      yield block
      block = free()
      filled = 0
    }
  }
  if (filled > 0) yield block.subarray(0, filled)
}

function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest()
}
