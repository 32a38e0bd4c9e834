import { createHash } from 'node:crypto'
import { type BlobInfo, type ByteRange, StorageError } from '@threadkeep/core'
import type { LedgerEntry, Objects } from '@threadkeep/core/driver'
import type { TypeCheck } from './type-check.ts'
import { type UploadState, written } from './upload-state.ts'

/** What `file-type` and its like need to see of a file, in bytes. */
const sampleBytes = 4_100

/** Looks whether uploaded bytes are what was announced. @internal */
export class Verifier<TContext> {
  readonly #objects: Objects<TContext>
  readonly #typeCheck: TypeCheck<TContext>

  constructor(objects: Objects<TContext>, typeCheck: TypeCheck<TContext>) {
    this.#objects = objects
    this.#typeCheck = typeCheck
  }

  /** What is known of the bytes now, or what is wrong with them; when there are none, `object_missing`. */
  async verify(
    entry: LedgerEntry,
    claims: UploadState | undefined,
    context: TContext,
  ): Promise<UploadState | StorageError> {
    const info = await this.#objects.head(entry.scope, entry.attachment.id)
    if (!info) return missing(entry)
    if (!claims) return written(info.size, info.type)
    try {
      return (await this.#fault(entry, claims, info)) ?? (await this.#withType(entry, claims, context))
    } catch (error) {
      if (error instanceof StorageError && error.code === 'object_missing') return error
      throw error
    }
  }

  async #fault(entry: LedgerEntry, claims: UploadState, info: BlobInfo): Promise<StorageError | undefined> {
    if (info.size !== claims.size) {
      return new StorageError('checksum_mismatch', `${info.size} bytes were uploaded, not the ${claims.size} announced`)
    }
    if (info.type !== claims.type) {
      return new StorageError('unsupported_type', `${info.type} was uploaded, not the ${claims.type} announced`)
    }
    if (claims.sha256 === null || this.#objects.enforces.checksum) return undefined
    const sha256 = info.sha256 ?? (await this.#hash(entry))
    if (sha256 === claims.sha256) return undefined
    return new StorageError('checksum_mismatch', 'other bytes were uploaded than the sha256 announced')
  }

  async #withType(entry: LedgerEntry, claims: UploadState, context: TContext): Promise<UploadState | StorageError> {
    if (!this.#typeCheck.looks || claims.size === 0) return claims
    const bytes = await Array.fromAsync(this.#read(entry, { start: 0, end: sampleBytes - 1 }))
    const { size, type } = claims
    const checked = await this.#typeCheck.check(
      Buffer.concat(bytes),
      { name: entry.attachment.name, size, type },
      context,
    )
    return checked instanceof StorageError ? checked : { ...claims, ...checked }
  }

  async #hash(entry: LedgerEntry): Promise<string> {
    const sha256 = createHash('sha256')
    for await (const chunk of this.#read(entry, null)) sha256.update(chunk)
    return sha256.digest('hex')
  }

  async *#read(entry: LedgerEntry, range: ByteRange | null): AsyncGenerator<Uint8Array> {
    const content = await this.#objects.read(entry.scope, entry.attachment.id, { range, signal: null })
    if (!content) throw missing(entry)
    yield* content.body
  }
}

function missing({ attachment }: LedgerEntry): StorageError {
  return new StorageError('object_missing', `attachment ${attachment.id} has not been uploaded`)
}
