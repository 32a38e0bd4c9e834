import { type Attachment, StorageError } from '@threadkeep/core'
import type { LedgerEntry } from '@threadkeep/core/driver'
import { withoutUrls } from './previews.ts'
import { deletedState, type Rows } from './rows.ts'
import { type Faces, sharedScope } from './tenant.ts'
import { stateOf, type Upload, type UploadState } from './upload-state.ts'
import type { Verifier } from './verifier.ts'

/** How long a row outlives the URL that could still write its bytes. @internal */
export const graceMs: number = 24 * 60 * 60 * 1000

/** What is announced of bytes that are still to come. @internal */
export interface Announcement {
  readonly size: number
  readonly sha256?: string | undefined
  readonly uploadedBy: string
  /** How long an upload can begin, in seconds. */
  readonly expiresIn: number
}

/** The steps of an upload. @internal */
export class UploadLife<TContext> {
  readonly #faces: Faces<TContext>
  readonly #rows: Rows<TContext>
  readonly #verifier: Verifier<TContext>

  constructor(faces: Faces<TContext>, rows: Rows<TContext>, verifier: Verifier<TContext>) {
    this.#faces = faces
    this.#rows = rows
    this.#verifier = verifier
  }

  /** Writes the row of an upload, before its bytes can come. */
  async begin(attachment: Attachment, announced: Announcement, context: TContext): Promise<void> {
    const now = Date.now()
    const expires = now + announced.expiresIn * 1000
    const state: UploadState = {
      status: 'uploading',
      uploadedBy: announced.uploadedBy,
      uploadedAt: new Date(now).toISOString(),
      expiresAt: new Date(expires).toISOString(),
      size: announced.size,
      type: attachment.mime_type,
      sha256: announced.sha256 ?? null,
      reason: null,
    }
    const move = { state: JSON.stringify(state), due: new Date(expires + graceMs).toISOString(), threadId: null }
    await this.#faces.ledger.putAttachment(sharedScope(this.#faces, context), withoutUrls(attachment), move)
  }

  /** The upload once its bytes are known to be there and to match: verified the first time, then known from the row. */
  async requireUsable(entry: LedgerEntry, context: TContext): Promise<Upload> {
    const state = stateOf(entry)
    if (state?.status === 'complete') return { entry, state }
    if (state?.status === 'failed') {
      throw new StorageError('conflict', `attachment ${entry.attachment.id} has failed: ${state.reason}`)
    }
    const verified = await this.#verifier.verify(entry, state, context)
    if (verified instanceof StorageError) {
      const now = await this.#rows.again(entry)
      if (now.revision !== entry.revision) return this.requireUsable(now, context)
      if (state && verified.code !== 'object_missing') await this.fail({ entry, state }, verified.message)
      throw verified
    }
    const complete: UploadState = { ...verified, status: 'complete' }
    const moved = await this.#rows.move(entry, { state: complete, due: null })
    if (moved) return { entry: moved, state: complete }
    return this.requireUsable(await this.#rows.again(entry), context)
  }

  /** Uploading becomes failed, and the bytes are removed; of another state nothing changes and `false` comes back. */
  async fail({ entry, state }: Upload, reason: string): Promise<boolean> {
    if (state.status !== 'uploading') return false
    if (!(await this.#rows.move(entry, { state: { ...state, status: 'failed', reason } }))) {
      const now = await this.#rows.again(entry)
      return this.fail({ entry: now, state: stateOf(now) ?? state }, reason)
    }
    await this.#faces.objects.delete(entry.scope, entry.attachment.id)
    return true
  }

  /** Hides the attachment at once; a sweep removes its bytes when `due` has come. */
  async delete(entry: LedgerEntry, due: Date): Promise<void> {
    if (await this.#rows.move(entry, { state: deletedState(entry), due })) return
    await this.delete(await this.#rows.again(entry), due)
  }
}
