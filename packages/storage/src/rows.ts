import { AttachmentNotFoundError, isNotFoundError } from '@threadkeep/core'
import type { LedgerEntry } from '@threadkeep/core/driver'
import { type Faces, sharedScope } from './tenant.ts'
import { tell, type UploadListeners } from './upload-events.ts'
import { stateOf, toRecord, type UploadState, written } from './upload-state.ts'

/** What a step changes of a row; what it does not name stays. @internal */
export interface Step {
  readonly state?: UploadState
  readonly due?: Date | null
  readonly threadId?: string | null
}

/** The rows of uploads. Each step is one compare-and-set; whoever loses one reads again and decides anew. @internal */
export class Rows<TContext> {
  readonly #faces: Faces<TContext>
  readonly #listeners: UploadListeners

  constructor(faces: Faces<TContext>, listeners: UploadListeners) {
    this.#faces = faces
    this.#listeners = listeners
  }

  /** The row of an attachment; deleted or missing: `AttachmentNotFoundError`. */
  async find(id: string, context: TContext): Promise<LedgerEntry> {
    return (await this.findIfKnown(id, context)) ?? missing(id)
  }

  /** As `find`; `undefined` for an attachment that never had a row. */
  findIfKnown(id: string, context: TContext): Promise<LedgerEntry | undefined> {
    return this.#read(sharedScope(this.#faces, context), id)
  }

  /** As it is by now. */
  async again({ scope, attachment: { id } }: LedgerEntry): Promise<LedgerEntry> {
    return (await this.#read(scope, id)) ?? missing(id)
  }

  /** The row after the step; `undefined` when somebody was first. Of a new status the listeners are told, once. */
  async move(entry: LedgerEntry, step: Step): Promise<LedgerEntry | undefined> {
    const move = {
      state: step.state ? JSON.stringify(step.state) : entry.state,
      due: step.due === undefined ? entry.due : (step.due?.toISOString() ?? null),
      threadId: step.threadId === undefined ? entry.threadId : step.threadId,
    }
    if (!(await this.#faces.ledger.moveAttachment(entry, move))) return undefined
    const moved = { ...entry, ...move, revision: entry.revision + 1 }
    if (step.state) await this.#tell(entry, step.state)
    return moved
  }

  async #tell(before: LedgerEntry, state: UploadState): Promise<void> {
    const { status } = state
    const known = stateOf(before)
    if (status === 'uploading' || status === known?.status) return
    const shown = status === 'deleted' ? (known ?? { ...state, status: 'complete' as const }) : state
    await tell(this.#listeners, status, { scope: before.scope, ...toRecord({ entry: before, state: shown }) })
  }

  async #read(scope: string, id: string): Promise<LedgerEntry | undefined> {
    const entry = await this.#faces.ledger.getAttachment(scope, id)
    return entry && stateOf(entry)?.status === 'deleted' ? missing(id) : entry
  }
}

/** The state of a row once it is deleted. @internal */
export function deletedState(entry: LedgerEntry): UploadState {
  return { ...(stateOf(entry) ?? written(0, entry.attachment.mime_type)), status: 'deleted' }
}

/** Deletes of a store are silent; those of uploads are not. @internal */
export async function silentWhenAbsent(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isNotFoundError(error)) throw error
  })
}

function missing(id: string): never {
  throw new AttachmentNotFoundError(`attachment ${id} not found`)
}
