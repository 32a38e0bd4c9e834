import { type Attachment, StorageError } from '@threadkeep/core'
import { withoutUrls } from './previews.ts'
import type { UploadLife } from './upload-life.ts'

/** What a store refuses for sure, having stored nothing. After any other fault the message may be there. */
const refusals = new Set(['not_found', 'invalid_argument', 'too_large'])

/** Ties the attachments of one message to its thread, and sets them free again when the message is refused. */
export class Binding<TContext> {
  readonly #life: UploadLife<TContext>
  readonly #threadId: string
  readonly #context: TContext
  readonly #bound: string[] = []

  constructor(life: UploadLife<TContext>, threadId: string, context: TContext) {
    this.#life = life
    this.#threadId = threadId
    this.#context = context
  }

  /** All of them, as they are to be stored; if one cannot be bound, none is. One without a row is kept as it is. */
  async bindAll(attachments: readonly Attachment[]): Promise<Attachment[]> {
    const kept: Attachment[] = []
    try {
      for (const attachment of attachments) kept.push(await this.#bind(attachment))
      return kept
    } catch (error) {
      await this.#release()
      throw error
    }
  }

  /** Waits for the message to be stored. */
  async unlessRefused(save: Promise<void>): Promise<void> {
    try {
      await save
    } catch (error) {
      if (error instanceof StorageError && refusals.has(error.code)) await this.#release()
      throw error
    }
  }

  async #bind(attachment: Attachment): Promise<Attachment> {
    const entry = await this.#life.findIfKnown(attachment?.id, this.#context)
    if (!entry) return attachment
    if (await this.#life.bind(entry, this.#threadId)) this.#bound.push(attachment.id)
    return withoutUrls(attachment)
  }

  /** If this fails too, the sweep finds out whether the thread is there. */
  async #release(): Promise<void> {
    await Promise.allSettled(this.#bound.map((id) => this.#life.unbind(id, this.#threadId, this.#context)))
  }
}
