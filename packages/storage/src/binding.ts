import { type Attachment, isNotFoundError, StorageError } from '@threadkeep/core'
import type { ItemKey } from '@threadkeep/core/driver'
import type { Content } from './content.ts'
import { PendingContents } from './pending-contents.ts'
import { withoutUrls } from './previews.ts'
import type { Rows } from './rows.ts'
import type { UploadLife } from './upload-life.ts'
import { attachmentOf, stateOf, type Upload, type UploadState } from './upload-state.ts'
import { strangerTo, type Uploads } from './uploads.ts'

/** What a store refuses for sure, having stored nothing. After any other fault the message may be there. */
const refusals = new Set<unknown>(['invalid_argument', 'too_large'])

/** How long a sweep leaves alone what is on its way into a thread, or was in one. No call takes so long. */
const settlingMs = 60 * 60 * 1000

/** When a sweep should look whether the thread is there. @internal */
export function settled(): Date {
  return new Date(Date.now() + settlingMs)
}

/**
 * Ties the attachments of one message to its thread, and lets go of them when the message is refused. Each row knows its
 * messages, and counts those that hold it until a sweep finds the thread: whoever lets go last sets the attachment free.
 * @internal
 */
export class Binding<TContext> {
  readonly #rows: Rows<TContext>
  readonly #life: UploadLife<TContext>
  readonly #uploads: Uploads<TContext>
  readonly #message: ItemKey
  readonly #context: TContext
  readonly #pending: PendingContents
  readonly #held: string[] = []

  constructor(
    rows: Rows<TContext>,
    life: UploadLife<TContext>,
    uploads: Uploads<TContext>,
    message: ItemKey,
    context: TContext,
  ) {
    this.#rows = rows
    this.#life = life
    this.#uploads = uploads
    this.#message = message
    this.#context = context
    this.#pending = new PendingContents(message.scope)
  }

  /**
   * All of them, as they are to be stored, pending contents first; if one cannot be bound, none is. One that is not in a
   * thread yet is for its uploader to bind. One without a row is kept as it is.
   */
  async bindAll(attachments: readonly (Attachment | Content)[]): Promise<Attachment[]> {
    const kept: Attachment[] = []
    try {
      for (const attachment of await this.#pending.store(attachments)) kept.push(await this.#bind(attachment))
      return kept
    } catch (error) {
      await this.#letGo()
      throw error
    }
  }

  /** Waits for the message to be stored. */
  async unlessRefused(save: Promise<void>): Promise<void> {
    try {
      await save
    } catch (error) {
      if (isRefusal(error)) await this.#letGo()
      throw error
    }
  }

  async #bind(attachment: Attachment): Promise<Attachment> {
    const entry = await this.#rows.findIfKnown(attachment?.id, this.#context)
    if (!entry) return attachment
    const { state } = await this.#hold(await this.#life.requireUsable(entry, this.#context))
    return withoutUrls(attachmentOf(attachment, state))
  }

  /** In its message for so long that a sweep has seen its thread, it needs no holding. */
  async #hold(upload: Upload): Promise<Upload> {
    const { entry, state } = upload
    const { id } = entry.attachment
    const { threadId, itemId } = this.#message
    if (entry.threadId !== null && entry.threadId !== threadId) {
      throw new StorageError('conflict', `attachment ${id} belongs to another thread`)
    }
    const isFree = entry.threadId === null
    if (!isFree && entry.due === null && mayHave(state, itemId)) return upload
    if (isFree && !this.#uploads.isOwn(upload, this.#context)) throw strangerTo(entry)
    const bound = isFree
      ? { ...state, holders: 1, messages: [itemId], released: false }
      : { ...state, holders: (state.holders ?? 0) + 1, messages: withMessage(state, itemId) }
    const step = { state: bound, threadId, due: settled() }
    if (await this.#rows.move(entry, step)) {
      this.#held.push(id)
      return upload
    }
    return this.#hold(await this.#life.requireUsable(await this.#rows.again(entry), this.#context))
  }

  /** If this fails too, the sweep finds out whether the thread is there. */
  async #letGo(): Promise<void> {
    await Promise.allSettled(this.#held.splice(0).map((id) => this.#release(id)))
    await this.#pending.undo()
  }

  async #release(id: string): Promise<void> {
    const entry = await this.#rows.find(id, this.#context)
    const state = stateOf(entry)
    if (!state?.holders || entry.threadId !== this.#message.threadId || entry.due === null) return
    const free = state.holders === 1 ? { threadId: null, due: null } : {}
    const step = { state: { ...state, holders: state.holders - 1 }, ...free }
    if (!(await this.#rows.move(entry, step))) await this.#release(id)
  }
}

/** More messages than this are not told apart: what they have goes with their thread. */
const mostMessages = 100

function mayHave({ messages }: UploadState, itemId: string): boolean {
  return messages?.includes(itemId) ?? true
}

function withMessage({ messages }: UploadState, itemId: string): string[] | null {
  const all = messages && [...new Set([...messages, itemId])]
  return all && all.length <= mostMessages ? all : null
}

/** A store may be of another copy of the package, or written by hand. */
function isRefusal(error: unknown): boolean {
  return isNotFoundError(error) || (error instanceof Error && 'code' in error && refusals.has(error.code))
}
