import type { LedgerEntry } from '@threadkeep/core/driver'
import type { Faces } from './tenant.ts'
import { graceMs, type UploadLife } from './upload-life.ts'
import { stateOf } from './upload-state.ts'

export interface SweepOptions {
  /** Looks at what became due before this moment, as if it were now. Default: now. */
  before?: Date
  /** Looks at no more than this many. Default 1,000. */
  limit?: number
  /** Stops after the attachment at hand. */
  signal?: AbortSignal
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
 * deleted, what failed, and what belonged to a thread that is gone. Safe from many processes at once; stopped at any
 * point, the next one goes on.
 */
export async function sweep<TContext>(
  faces: Faces<TContext>,
  life: UploadLife<TContext>,
  { before = new Date(), limit = 1_000, signal }: SweepOptions,
): Promise<SweepReport> {
  const report: SweepReport = { failed: 0, purged: 0, kept: 0 }
  for (const entry of await faces.ledger.listDue(before, limit)) {
    if (signal?.aborted) break
    report[await settle(faces, life, entry, before)]++
  }
  return report
}

async function settle<TContext>(
  faces: Faces<TContext>,
  life: UploadLife<TContext>,
  entry: LedgerEntry,
  now: Date,
): Promise<Outcome> {
  const state = stateOf(entry)
  if (state?.status === 'uploading') {
    return (await life.fail({ entry, state }, 'the upload was never completed')) ? 'failed' : 'kept'
  }
  if (state?.status === 'deleted' || state?.status === 'failed') {
    const closes = new Date(Date.parse(state.expiresAt) + graceMs)
    return purge(faces, life, entry, closes > now ? closes : null)
  }
  const lives = entry.threadId === null || (await faces.ledger.hasThread(entry.scope, entry.threadId))
  if (!lives) return purge(faces, life, entry, null)
  await life.reschedule(entry, null)
  return 'kept'
}

/** The bytes go now. The row stays until no URL can write bytes any more, and then they are removed once again. */
async function purge<TContext>(
  { ledger, objects }: Faces<TContext>,
  life: UploadLife<TContext>,
  entry: LedgerEntry,
  again: Date | null,
): Promise<Outcome> {
  await objects.delete(entry.scope, entry.attachment.id)
  if (again) {
    await life.reschedule(entry, again)
    return 'kept'
  }
  await ledger.deleteAttachment(entry.scope, entry.attachment.id)
  return 'purged'
}
