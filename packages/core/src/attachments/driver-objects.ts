import { resolveRange } from '../policy/byte-ranges.ts'
import type { Calls } from '../policy/calls.ts'
import { objectKey } from '../policy/object-keys.ts'
import { presentation } from '../policy/presentation.ts'
import { type ScopeOf, scopeOf } from '../policy/scope.ts'
import { UnderWay } from '../policy/under-way.ts'
import type { BlobContent, BlobDriver, BlobInfo, ByteRange, Enforces, ReadOptions } from './blob-driver.ts'
import { downloadBody } from './download-body.ts'
import type { Objects, ObjectUrlRequest } from './objects.ts'

export interface DriverObjectsOptions<TContext> {
  readonly scope: ScopeOf<TContext>
  readonly prefix: string
  readonly expiresIn: number
  readonly timeoutMs: number
}

/** The objects of an attachment store over a driver. */
export class DriverObjects<TContext> implements Objects<TContext> {
  readonly expiresIn: number
  readonly backend: string
  readonly #driver: BlobDriver
  readonly #calls: Calls
  readonly #scope: ScopeOf<TContext>
  readonly #prefix: string
  readonly #underWay: UnderWay

  constructor(driver: BlobDriver, calls: Calls, options: DriverObjectsOptions<TContext>) {
    this.#driver = driver
    this.#calls = calls
    this.#scope = options.scope
    this.#prefix = options.prefix
    this.#underWay = new UnderWay(options.timeoutMs)
    this.expiresIn = options.expiresIn
    this.backend = driver.name
  }

  get enforces(): Enforces {
    return this.#driver.enforces
  }

  scopeOf(context: TContext): string {
    return scopeOf(this.#scope, context)
  }

  async signDownload(scope: string, attachmentId: string, request: ObjectUrlRequest): Promise<string> {
    const key = objectKey(this.#prefix, scope, attachmentId)
    const { name, type, disposition, expiresAt } = request
    const download = { ...presentation(name, type, disposition), expiresAt }
    return this.#calls.run('attachmentUrl', () => this.#driver.signDownload(key, download))
  }

  async head(scope: string, attachmentId: string): Promise<BlobInfo | undefined> {
    const key = objectKey(this.#prefix, scope, attachmentId)
    return this.#calls.run('headAttachment', () => this.#driver.head(key))
  }

  async read(scope: string, attachmentId: string, options: ReadOptions): Promise<BlobContent | undefined> {
    const key = objectKey(this.#prefix, scope, attachmentId)
    const { range, signal } = options
    const content = await this.#calls.runAbortable('readAttachment', signal, () => this.#driver.read(key, options))
    if (content && range) checkWithin(range, content)
    return content && { ...content, body: downloadBody(content.body, this.#driver, this.#underWay, signal) }
  }

  async delete(scope: string, attachmentId: string): Promise<void> {
    const key = objectKey(this.#prefix, scope, attachmentId)
    await this.#calls.run('deleteAttachment', () => this.#driver.delete(key))
  }
}

/** Some services answer a range that starts past the end with other bytes, or with none. */
function checkWithin(range: ByteRange, { size, body }: BlobContent): void {
  try {
    resolveRange(range, size)
  } catch (error) {
    body.cancel(error).catch(() => {}) // whoever reads is told why
    throw error
  }
}
