import { StorageError, UnauthorizedError } from '@threadkeep/core'
import type { LedgerEntry } from '@threadkeep/core/driver'
import { withoutUrls } from './previews.ts'
import { deletedState, type Rows } from './rows.ts'
import { StoredFile } from './stored-file.ts'
import { Sweep, type SweepOptions, type SweepReport } from './sweep.ts'
import type { Faces } from './tenant.ts'
import type { UploadLife } from './upload-life.ts'
import type { UploadRecord } from './upload-record.ts'
import { attachmentOf, stateOf, toRecord, type Upload } from './upload-state.ts'

/** @internal */
export interface UploadsOptions<TContext> {
  /** Who acts. */
  readonly actor: (context: TContext) => string
  /** Who may delete; default: the uploader. */
  readonly canDelete: ((upload: UploadRecord, context: TContext) => boolean | Promise<boolean>) | undefined
  /** How long deleted bytes stay, in seconds. */
  readonly restoreWindow: number
}

/**
 * What becomes of uploads: uploading, then complete or failed. A missing or deleted attachment is an
 * `AttachmentNotFoundError`, somebody who may not an `UnauthorizedError`, a step that comes too late a `conflict`.
 */
export class Uploads<TContext> {
  readonly #faces: Faces<TContext>
  readonly #rows: Rows<TContext>
  readonly #life: UploadLife<TContext>
  readonly #options: UploadsOptions<TContext>

  /** @internal */
  constructor(
    faces: Faces<TContext>,
    rows: Rows<TContext>,
    life: UploadLife<TContext>,
    options: UploadsOptions<TContext>,
  ) {
    this.#faces = faces
    this.#rows = rows
    this.#life = life
    this.#options = options
  }

  /** What is known of the upload. */
  async load(id: string, context: TContext): Promise<UploadRecord> {
    return toRecord(requireUpload(await this.#rows.find(id, context)))
  }

  /**
   * The uploader says that the bytes are there, and they are verified. Again: the same record. No bytes yet:
   * `object_missing`, and it stays uploading. Other bytes than announced: it fails, they are removed, and the code says
   * what was wrong.
   */
  async complete(id: string, context: TContext): Promise<UploadRecord> {
    const { entry } = this.#requireUploader(await this.#rows.find(id, context), context)
    return toRecord(await this.#life.requireUsable(entry, context))
  }

  /** The bytes of a usable attachment, verified when they are first asked for; of others it rejects as `complete`. */
  async file(id: string, context: TContext): Promise<StoredFile> {
    const { entry, state } = await this.#life.requireUsable(await this.#rows.find(id, context), context)
    const attachment = attachmentOf(withoutUrls(entry.attachment), state)
    return new StoredFile(this.#faces.objects, entry.scope, attachment)
  }

  /** The uploader gives up; the reason is kept and the bytes are removed. Again: nothing changes. */
  async fail(id: string, options: { reason?: string }, context: TContext): Promise<void> {
    const upload = this.#requireUploader(await this.#rows.find(id, context), context)
    const failed = await this.#life.fail(upload, cleanReason(options.reason))
    if (failed || stateOf(await this.#rows.find(id, context))?.status === 'failed') return
    throw new StorageError('conflict', `attachment ${id} is complete already`)
  }

  /** Hides it at once; its bytes go after the restore window. Gives the caller's transaction id back, or a new one. */
  async delete(id: string, options: { transactionId?: string }, context: TContext): Promise<{ transactionId: string }> {
    const entry = await this.#rows.find(id, context)
    if (!(await this.#mayDelete(entry, context))) {
      throw new UnauthorizedError(`attachment ${id} may not be deleted by this actor`)
    }
    await this.#life.delete(entry, new Date(Date.now() + this.#options.restoreWindow * 1000))
    return { transactionId: options.transactionId ?? crypto.randomUUID() }
  }

  /** Puts right what time or a crash left behind, in all scopes; run it every few minutes. */
  sweep(options: SweepOptions = {}): Promise<SweepReport> {
    return new Sweep(this.#faces, this.#rows, this.#life).run(options)
  }

  /** Whether this actor created it, or the server did. @internal */
  isOwn({ state }: Upload, context: TContext): boolean {
    return state.uploadedBy === null || state.uploadedBy === this.#options.actor(context)
  }

  #requireUploader(entry: LedgerEntry, context: TContext): Upload {
    const upload = requireUpload(entry)
    if (upload.state.uploadedBy === this.#options.actor(context)) return upload
    throw strangerTo(entry)
  }

  async #mayDelete(entry: LedgerEntry, context: TContext): Promise<boolean> {
    const state = stateOf(entry) ?? { ...deletedState(entry), status: 'complete' as const }
    if (this.#options.canDelete) return this.#options.canDelete(toRecord({ entry, state }), context)
    return this.isOwn({ entry, state }, context)
  }
}

/** What is told to others than its uploader. @internal */
export function strangerTo({ attachment }: LedgerEntry): UnauthorizedError {
  return new UnauthorizedError(`attachment ${attachment.id} was created by another actor`)
}

function requireUpload(entry: LedgerEntry): Upload {
  const state = stateOf(entry)
  if (state) return { entry, state }
  throw new StorageError('conflict', `attachment ${entry.attachment.id} was not uploaded through this storage`)
}

/** One line of at most 500 characters, without control characters. */
function cleanReason(reason: unknown): string {
  const text = typeof reason === 'string' ? reason : ''
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
  return /^.{0,499}[^\uD800-\uDBFF]/.exec(line)?.[0] ?? 'no reason given'
}
