import { checkRange } from '../policy/byte-ranges.ts'
import { Calls } from '../policy/calls.ts'
import { AttachmentNotFoundError } from '../policy/errors.ts'
import { checkFileName } from '../policy/file-names.ts'
import { orUnreachable } from '../policy/findings.ts'
import { checkAllowed, mediaType } from '../policy/media-types.ts'
import { checkPrefix, objectKey } from '../policy/object-keys.ts'
import { attachmentsChannel } from '../policy/observe.ts'
import { maxTimeoutMs, wholeNumber } from '../policy/options.ts'
import { checkScopeOption, type ScopeOf } from '../policy/scope.ts'
import { defaultTimeoutMs } from '../policy/under-way.ts'
import type { Finding } from '../store/finding.ts'
import type { Attachment, AttachmentCreateParams } from './attachment.ts'
import { AttachmentStore } from './attachment-store.ts'
import type { BlobContent, BlobDriver, BlobInfo, ByteRange, Enforces } from './blob-driver.ts'
import { DriverObjects } from './driver-objects.ts'
import type { Objects } from './objects.ts'
import { type BodyInput, UploadBody } from './upload-body.ts'
import { toClaims } from './upload-claims.ts'

/** What every attachment store takes, whatever its backend. */
export interface AttachmentStoreOptions<TContext> {
  /** Names the tenant of a context; every object is kept under it. Required, synchronous. */
  scope: ScopeOf<TContext>
  /** The folder of every object key, for several stores in one bucket. Default `''`, none. */
  prefix?: string
  /** The largest upload, in bytes. Default 100 MiB. */
  maxBytes?: number
  /** Media types to accept, such as `['image/*', 'application/pdf']`. Default: all. */
  allowedTypes?: readonly string[]
  /** How long a signed URL is good, in seconds. Default 900. */
  expiresIn?: number
  /** How long a backend may take to answer or to take the next bytes, in milliseconds. Default 10,000. */
  timeoutMs?: number
}

export interface ReadAttachmentOptions {
  /** Which bytes; default: all. */
  range?: ByteRange
  signal?: AbortSignal
}

export interface WriteAttachmentOptions {
  /** The file's own name, for whoever looks into the backend. */
  name?: string
  /** Its media type. Default `application/octet-stream`. */
  type?: string
  signal?: AbortSignal
}

export interface AttachmentUrlOptions {
  /** The name a browser saves it under. Default: the id. */
  name?: string
  /** `inline` shows types that are safe to show; all others are downloaded. Default `attachment`. */
  disposition?: 'inline' | 'attachment'
  /** In seconds; default: the store's `expiresIn`. */
  expiresIn?: number
}

/** An attachment store over a driver. Every method: check, key, one driver call, shape. */
export class DriverAttachmentStore<TContext = unknown> extends AttachmentStore<TContext> {
  /** The second face of this store, for `createStorage`. */
  readonly objects: Objects<TContext>
  readonly #driver: BlobDriver
  readonly #calls: Calls
  readonly #options: AttachmentStoreOptions<TContext>
  readonly #prefix: string
  readonly #maxBytes: number
  readonly #timeoutMs: number

  constructor(driver: BlobDriver, options: AttachmentStoreOptions<TContext>) {
    super()
    checkScopeOption(options.scope)
    this.#timeoutMs = wholeNumber('timeoutMs', options.timeoutMs, defaultTimeoutMs, maxTimeoutMs)
    this.#maxBytes = wholeNumber('maxBytes', options.maxBytes, 100 * 1024 * 1024)
    this.#driver = driver
    this.#calls = new Calls(driver, attachmentsChannel, this.#timeoutMs)
    this.#options = options
    this.#prefix = checkPrefix(options.prefix)
    const expiresIn = wholeNumber('expiresIn', options.expiresIn, 900, maxExpiresIn)
    this.objects = new DriverObjects(driver, this.#calls, {
      scope: options.scope,
      prefix: this.#prefix,
      expiresIn,
      timeoutMs: this.#timeoutMs,
    })
  }

  /** What a signed upload refuses by itself; the rest is verified afterwards. */
  get enforces(): Enforces {
    return this.#driver.enforces
  }

  /** The attachment with its `upload_descriptor`, which takes exactly the size, type and checksum given here. */
  override async createAttachment(params: AttachmentCreateParams, context: TContext): Promise<Attachment> {
    const scope = this.objects.scopeOf(context)
    const { name, ...claims } = toClaims(params, this.#maxBytes, this.#options.allowedTypes)
    const id = this.generateAttachmentId(claims.type, context)
    const expiresAt = fromNow(this.objects.expiresIn)
    const key = objectKey(this.#prefix, scope, id)
    const upload_descriptor = await this.#calls.run('createAttachment', () =>
      this.#driver.signUpload(key, { ...claims, expiresAt }),
    )
    const attachment = { id, name, mime_type: claims.type, upload_descriptor, upload_url: upload_descriptor.url }
    if (!claims.type.startsWith('image/')) return { type: 'file', ...attachment }
    const request = { name, type: claims.type, disposition: 'inline', expiresAt } as const
    return { type: 'image', ...attachment, preview_url: await this.objects.signDownload(scope, id, request) }
  }

  override async deleteAttachment(attachmentId: string, context: TContext): Promise<void> {
    await this.objects.delete(this.objects.scopeOf(context), attachmentId)
  }

  /** The bytes, or a range of them, as a stream. Missing: `AttachmentNotFoundError`. */
  async readAttachment(id: string, context: TContext, options: ReadAttachmentOptions = {}): Promise<BlobContent> {
    const read = { range: checkRange(options.range), signal: options.signal ?? null }
    const content = await this.objects.read(this.objects.scopeOf(context), id, read)
    if (!content) throw new AttachmentNotFoundError(`attachment ${id} has no bytes`)
    return content
  }

  /**
   * Stores bytes from the server's side. An id that has bytes keeps them: `conflict`. A stream that fails, an abort and
   * a stream longer than `maxBytes` leave the id free.
   */
  async writeAttachment(
    id: string,
    data: BodyInput,
    context: TContext,
    options: WriteAttachmentOptions = {},
  ): Promise<BlobInfo> {
    const key = objectKey(this.#prefix, this.objects.scopeOf(context), id)
    const type = mediaType(options.type)
    checkAllowed(type, this.#options.allowedTypes)
    const name = options.name === undefined ? null : checkFileName(options.name)
    const body = new UploadBody(data, {
      maxBytes: this.#maxBytes,
      timeoutMs: this.#timeoutMs,
      what: `${this.#driver.name}: writeAttachment`,
      signal: options.signal,
    })
    return this.#calls.runWithoutDeadline('writeAttachment', () =>
      body.run(() => this.#driver.write(key, body.stream, { type, name, size: body.size, signal: body.signal })),
    )
  }

  /** What is known of the bytes; `undefined` when there are none. */
  async headAttachment(id: string, context: TContext): Promise<BlobInfo | undefined> {
    return this.objects.head(this.objects.scopeOf(context), id)
  }

  /** A URL that gives the bytes to whoever has it, until it expires. Missing: `AttachmentNotFoundError`. */
  async attachmentUrl(id: string, context: TContext, options: AttachmentUrlOptions = {}): Promise<string> {
    const scope = this.objects.scopeOf(context)
    const name = checkFileName(options.name ?? id)
    const expiresAt = fromNow(wholeNumber('expiresIn', options.expiresIn, this.objects.expiresIn, maxExpiresIn))
    const info = await this.objects.head(scope, id)
    if (!info) throw new AttachmentNotFoundError(`attachment ${id} has no bytes`)
    const disposition = options.disposition ?? 'attachment'
    return this.objects.signDownload(scope, id, { name, type: info.type, disposition, expiresAt })
  }

  override async setup(): Promise<void> {
    await this.#calls.runWithoutDeadline('setup', async () => this.#driver.setup?.())
  }

  override async ping(): Promise<void> {
    await this.#calls.run('ping', async () => this.#driver.ping?.())
  }

  override async check(): Promise<Finding[]> {
    return orUnreachable(this.#calls.run('check', async () => (await this.#driver.check?.()) ?? []))
  }

  override close(): Promise<void> {
    return this.#calls.close()
  }
}

/** Seven days, the longest that signed URLs of the clouds last. */
const maxExpiresIn = 604_800

function fromNow(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000)
}
