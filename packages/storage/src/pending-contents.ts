import { type Attachment, StorageError, type UserMessageItem } from '@threadkeep/core'
import { Content } from './content.ts'

/** An item among whose attachments are contents, stored or not. */
export type ItemWithContents = Omit<UserMessageItem, 'attachments'> & { attachments: (Attachment | Content)[] }

/**
 * The item as it is now: what is changed while it is saved is not stored. Not expressible as JSON: `invalid_argument`.
 * @internal
 */
export function snapshotOf(item: ItemWithContents): ItemWithContents {
  const isContent = (attachment: unknown) => attachment instanceof Content
  const attachments = item.attachments.map((attachment) => (isContent(attachment) ? null : attachment))
  const copy = copyOf({ ...item, attachments })
  const copied = copy.attachments.map((attachment, index) => {
    const given = item.attachments[index]
    return given && isContent(given) ? given : attachment
  })
  return { ...copy, attachments: copied } as ItemWithContents
}

function copyOf<T>(value: T): T {
  try {
    return JSON.parse(JSON.stringify(value)) as T
  } catch (cause) {
    throw new StorageError('invalid_argument', 'item cannot be written as JSON', { cause })
  }
}

/** The contents among the attachments of one item. @internal */
export class PendingContents {
  readonly #scope: string
  readonly #stored: Content[] = []

  constructor(scope: string) {
    this.#scope = scope
  }

  /** The attachments, each content stored and replaced by its record. If one cannot be stored, it rejects. */
  async store(attachments: readonly (Attachment | Content)[]): Promise<Attachment[]> {
    const records: Attachment[] = []
    for (const attachment of attachments) {
      records.push(attachment instanceof Content ? await this.#record(attachment) : attachment)
    }
    return records
  }

  /** Removes what was stored here; the contents are pending again. */
  async undo(): Promise<void> {
    await Promise.allSettled(this.#stored.splice(0).map((content) => content.unstore()))
  }

  async #record(content: Content): Promise<Attachment> {
    if (content.scope !== this.#scope) {
      throw new StorageError('invalid_argument', `content ${content.filename} belongs to another tenant`)
    }
    const { fileId } = content
    await content.ensureStored()
    if (content.fileId !== fileId) this.#stored.push(content)
    return content.toAttachment()
  }
}
