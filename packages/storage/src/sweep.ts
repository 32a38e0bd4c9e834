import { isNotFoundError, StorageError } from '@threadkeep/core'
import type { LedgerEntry } from '@threadkeep/core/driver'
import { deletedState, type Rows } from './rows.ts'
import type { Faces } from './tenant.ts'
import { graceMs, type UploadLife } from './upload-life.ts'
import { stateOf, type UploadState } from './upload-state.ts'

export interface SweepOptions {
  /** Looks at what became due before this moment, as if it were now. Default: now. */
  before?: Date
  /** Looks at no more than this many. Default 1,000. */
  limit?: number
  /** Stops after the attachment at hand, and rejects with `aborted`. */
  signal?: AbortSignal
  /** Called after each attachment with what was done so far. */
  onProgress?: (report: SweepReport) => void
}

/** What one sweep did, in attachments. */
export interface SweepReport {
  /** Uploads that never ended and are failed now. */
  failed: number
  /** Bytes and row removed. */
  purged: number
  /** Looked at and kept. */
  kept: number
}

type Outcome = keyof SweepReport

/**
 * Puts right what time or a crash left behind, in all scopes: fails uploads that never ended, and purges what was
 * deleted, what failed, and what belonged to a thread or to messages that are gone. Safe from many processes at once;
 * stopped at any point, the next one goes on. One attachment that cannot be settled keeps no other waiting: it rejects
 * in the end.
 * @internal
 */
export class Sweep<TContext> {
  readonly #faces: Faces<TContext>
  readonly #rows: Rows<TContext>
  readonly #life: UploadLife<TContext>

  constructor(faces: Faces<TContext>, rows: Rows<TContext>, life: UploadLife<TContext>) {
    this.#faces = faces
    this.#rows = rows
    this.#life = life
  }

  async run({ before = new Date(), limit = 1_000, signal, onProgress }: SweepOptions): Promise<SweepReport> {
    checkDate(before)
    const report: SweepReport = { failed: 0, purged: 0, kept: 0 }
    const faults: unknown[] = []
    stopIfAborted(signal)
    for (const entry of await this.#faces.ledger.listDue(before, limit)) {
      stopIfAborted(signal)
      const outcome = await this.#settle(entry, before).catch((error: unknown) => {
        if (isAway(error)) throw error
        faults.push(error)
      })
      if (!outcome) continue
      report[outcome]++
      onProgress?.({ ...report })
    }
    if (faults.length > 0) throw faults[0]
    return report
  }

  async #settle(entry: LedgerEntry, now: Date): Promise<Outcome> {
    const state = stateOf(entry)
    if (state?.status === 'uploading') {
      const failed = this.#life.fail({ entry, state }, 'the upload was never completed')
      return (await failed.catch(unlessGone)) ? 'failed' : 'kept'
    }
    if (state?.status === 'deleted' || state?.status === 'failed') return this.#purge(entry, state, now)
    if (await this.#isUsed(entry, state)) {
      await this.#rows.move(entry, { due: null, ...(state?.released && { state: { ...state, released: false } }) })
      return 'kept'
    }
    const deleted = deletedState(entry)
    const moved = await this.#rows.move(entry, { state: deleted, due: now })
    return moved ? this.#purge(moved, deleted, now) : 'kept'
  }

  /** In no thread, or in one that is there; once a message with it was deleted, in a message that is. */
  async #isUsed({ scope, threadId }: LedgerEntry, state: UploadState | undefined): Promise<boolean> {
    const { ledger } = this.#faces
    if (threadId === null) return true
    if (!state?.released || !state.messages) return ledger.hasThread(scope, threadId)
    for (const id of state.messages) if (await ledger.hasItem(scope, threadId, id)) return true
    return false
  }

  /** The bytes go now. The row stays until no URL can write bytes any more, and then they are removed once again. */
  async #purge(entry: LedgerEntry, { expiresAt }: UploadState, now: Date): Promise<Outcome> {
    const { scope, attachment } = entry
    await this.#faces.objects.delete(scope, attachment.id)
    const closes = new Date(Date.parse(expiresAt) + graceMs)
    if (closes > now) {
      await this.#rows.move(entry, { due: closes })
      return 'kept'
    }
    await this.#faces.ledger.deleteAttachment(scope, attachment.id)
    return 'purged'
  }
}

function checkDate(before: unknown): void {
  if (before instanceof Date && !Number.isNaN(before.getTime())) return
  throw new StorageError('invalid_argument', 'before must be a date')
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StorageError('aborted', 'the sweep was aborted', { cause: signal.reason })
}

/** Deleted while the sweep looked at it: whoever did that has settled it. */
function unlessGone(error: unknown): boolean {
  if (isNotFoundError(error)) return false
  throw error
}

/** With a backend that is away, it makes no sense to go on. */
function isAway(error: unknown): boolean {
  return error instanceof StorageError && error.retryable
}
