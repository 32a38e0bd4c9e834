import { type Attachment, type AttachmentCreateParams, AttachmentNotFoundError, StorageError } from '@threadkeep/core'
import type { AttachmentMove, LedgerEntry } from '@threadkeep/core/driver'
import { withoutUrls } from './previews.ts'
import { type Faces, sharedScope } from './tenant.ts'
import { stateOf, type Upload, type UploadState } from './upload-state.ts'
import { requireBytes, uploadFault } from './verify-upload.ts'

/** How long a row outlives the URL that could still write its bytes. */
export const graceMs: number = 24 * 60 * 60 * 1000

/** How long after binding a sweep looks whether the thread is there. */
const bindingMs = 60 * 60 * 1000

/** The steps of an upload. Each is one compare-and-set on the ledger; whoever loses one reads again and decides anew. */
export class UploadLife<TContext> {
  readonly #faces: Faces<TContext>

  constructor(faces: Faces<TContext>) {
    this.#faces = faces
  }

  /** Writes the row of an upload, before anybody gets its URL. */
  async begin(
    attachment: Attachment,
    params: AttachmentCreateParams,
    uploadedBy: string,
    context: TContext,
  ): Promise<void> {
    const expires = Date.now() + this.#faces.objects.expiresIn * 1000
    const state: UploadState = {
      status: 'uploading',
      uploadedBy,
      uploadedAt: iso(Date.now()),
      expiresAt: iso(expires),
      size: params.size,
      type: attachment.mime_type,
      sha256: params.sha256 ?? null,
      reason: null,
    }
    const move = { state: JSON.stringify(state), due: iso(expires + graceMs), threadId: null }
    await this.#faces.ledger.putAttachment(sharedScope(this.#faces, context), withoutUrls(attachment), move)
  }

  /** The row of an attachment; deleted or missing: `AttachmentNotFoundError`. */
  async find(id: string, context: TContext): Promise<LedgerEntry> {
    return (await this.findIfKnown(id, context)) ?? missing(id)
  }

  /** As `find`; `undefined` for an attachment that never had a row. */
  findIfKnown(id: string, context: TContext): Promise<LedgerEntry | undefined> {
    return this.#read(sharedScope(this.#faces, context), id)
  }

  /** The upload once its bytes are known to be there and to match: verified the first time, then known from the row. */
  async requireUsable(entry: LedgerEntry): Promise<Upload> {
    const state = stateOf(entry)
    if (state?.status === 'complete') return { entry, state }
    if (state?.status === 'failed') {
      throw new StorageError('conflict', `attachment ${entry.attachment.id} has failed: ${state.reason}`)
    }
    const info = await requireBytes(this.#faces.objects, entry)
    const fault = state && (await uploadFault(this.#faces.objects, entry, state, info))
    if (fault) {
      await this.fail({ entry, state }, fault.message)
      throw fault
    }
    const complete: UploadState = { ...(state ?? written(info.size, info.type)), status: 'complete' }
    const moved = await this.#move(entry, { ...entry, state: JSON.stringify(complete), due: null })
    return moved ? { entry: moved, state: complete } : this.requireUsable(await this.#again(entry))
  }

  /** Uploading becomes failed, and the bytes are removed; of another state nothing changes and `false` comes back. */
  async fail({ entry, state }: Upload, reason: string): Promise<boolean> {
    if (state.status !== 'uploading') return false
    const failed = JSON.stringify({ ...state, status: 'failed', reason })
    if (!(await this.#move(entry, { ...entry, state: failed }))) {
      const now = await this.#again(entry)
      return this.fail({ entry: now, state: stateOf(now) ?? state }, reason)
    }
    await this.#faces.objects.delete(entry.scope, entry.attachment.id)
    return true
  }

  /** Hides the attachment at once; a sweep removes its bytes when `due` has come. */
  async delete(entry: LedgerEntry, due: Date): Promise<void> {
    const state = JSON.stringify({ ...(stateOf(entry) ?? written(0, entry.attachment.mime_type)), status: 'deleted' })
    if (await this.#move(entry, { ...entry, state, due: due.toISOString() })) return
    await this.delete(await this.#again(entry), due)
  }

  /** Ties a usable attachment to a thread; to another already: `conflict`. Tells whether it was free before. */
  async bind(entry: LedgerEntry, threadId: string): Promise<boolean> {
    const usable = (await this.requireUsable(entry)).entry
    if (usable.threadId === threadId) return false
    if (usable.threadId !== null) {
      throw new StorageError('conflict', `attachment ${entry.attachment.id} belongs to another thread`)
    }
    if (await this.#move(usable, { ...usable, threadId, due: iso(Date.now() + bindingMs) })) return true
    return this.bind(await this.#again(usable), threadId)
  }

  /** Undoes `bind` after the message was refused. */
  async unbind(id: string, threadId: string, context: TContext): Promise<void> {
    const entry = await this.find(id, context)
    if (entry.threadId !== threadId) return
    if (!(await this.#move(entry, { ...entry, threadId: null, due: null }))) await this.unbind(id, threadId, context)
  }

  /** Says when a sweep should look again; `null`: never. */
  async reschedule(entry: LedgerEntry, due: Date | null): Promise<void> {
    await this.#move(entry, { ...entry, due: due?.toISOString() ?? null })
  }

  async #again({ scope, attachment: { id } }: LedgerEntry): Promise<LedgerEntry> {
    return (await this.#read(scope, id)) ?? missing(id)
  }

  async #read(scope: string, id: string): Promise<LedgerEntry | undefined> {
    const entry = await this.#faces.ledger.getAttachment(scope, id)
    return entry && stateOf(entry)?.status === 'deleted' ? missing(id) : entry
  }

  /** The entry after the move; `undefined` when somebody was first. */
  async #move(entry: LedgerEntry, { state, due, threadId }: AttachmentMove): Promise<LedgerEntry | undefined> {
    const move = { state, due, threadId }
    const moved = await this.#faces.ledger.moveAttachment(entry, move)
    return moved ? { ...entry, ...move, revision: entry.revision + 1 } : undefined
  }
}

function missing(id: string): never {
  throw new AttachmentNotFoundError(`attachment ${id} not found`)
}

/** Of bytes that the server wrote itself, nothing was claimed. */
function written(size: number, type: string): UploadState {
  const now = iso(Date.now())
  return {
    status: 'uploading',
    uploadedBy: null,
    uploadedAt: now,
    expiresAt: now,
    size,
    type,
    sha256: null,
    reason: null,
  }
}

function iso(millis: number): string {
  return new Date(millis).toISOString()
}
