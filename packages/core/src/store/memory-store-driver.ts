import { MemoryList } from './memory-list.ts'
import type {
  AttachmentKey,
  AttachmentMove,
  AttachmentRecord,
  ItemKey,
  KeyedAttachment,
  Range,
  ScopeRange,
  StoreDriver,
  StoredRecord,
  ThreadKey,
} from './store-driver.ts'

interface Tenant {
  readonly threads: MemoryList
  readonly items: Map<string, MemoryList>
  readonly attachments: Map<string, AttachmentRecord>
}

/** The reference driver: what every other one must do, without a database. Nothing outlives the process. */
export class MemoryStoreDriver implements StoreDriver {
  readonly name = 'memory'
  readonly #tenants = new Map<string, Tenant>()

  async getThread({ scope, threadId }: ThreadKey): Promise<StoredRecord | undefined> {
    return this.#tenant(scope).threads.get(threadId)
  }

  async putThread({ scope, threadId }: ThreadKey, record: StoredRecord): Promise<void> {
    const { threads, items } = this.#tenant(scope)
    threads.put(threadId, record)
    if (!items.has(threadId)) items.set(threadId, new MemoryList())
  }

  async deleteThread({ scope, threadId }: ThreadKey): Promise<void> {
    const { threads, items } = this.#tenant(scope)
    threads.delete(threadId)
    items.delete(threadId)
  }

  async listThreads(scope: string, range: Range): Promise<StoredRecord[] | undefined> {
    return this.#tenant(scope).threads.page(range)
  }

  async getItem({ scope, threadId, itemId }: ItemKey): Promise<StoredRecord | undefined> {
    return this.#tenant(scope).items.get(threadId)?.get(itemId)
  }

  async putItem({ scope, threadId, itemId }: ItemKey, record: StoredRecord): Promise<boolean> {
    const items = this.#tenant(scope).items.get(threadId)
    items?.put(itemId, record)
    return items !== undefined
  }

  async deleteItem({ scope, threadId, itemId }: ItemKey): Promise<void> {
    this.#tenant(scope).items.get(threadId)?.delete(itemId)
  }

  async listItems({ scope, threadId }: ThreadKey, range: Range): Promise<StoredRecord[] | undefined> {
    const items = this.#tenant(scope).items.get(threadId)
    return items ? items.page(range) : []
  }

  async getAttachment({ scope, attachmentId }: AttachmentKey): Promise<AttachmentRecord | undefined> {
    return this.#tenant(scope).attachments.get(attachmentId)
  }

  async putAttachment({ scope, attachmentId }: AttachmentKey, record: AttachmentRecord): Promise<void> {
    const { attachments } = this.#tenant(scope)
    const known = attachments.get(attachmentId)
    attachments.set(attachmentId, known ? { ...known, body: record.body } : record)
  }

  async moveAttachment(key: AttachmentKey, revision: number, move: AttachmentMove): Promise<boolean> {
    const { attachments } = this.#tenant(key.scope)
    const known = attachments.get(key.attachmentId)
    if (known?.revision !== revision) return false
    attachments.set(key.attachmentId, { ...known, ...move, revision: revision + 1 })
    return true
  }

  async deleteAttachment({ scope, attachmentId }: AttachmentKey): Promise<void> {
    this.#tenant(scope).attachments.delete(attachmentId)
  }

  async releaseAttachments({ scope, threadId }: ThreadKey, due: string): Promise<void> {
    const { attachments } = this.#tenant(scope)
    for (const [id, known] of attachments) {
      if (known.threadId === threadId) attachments.set(id, { ...known, due, revision: known.revision + 1 })
    }
  }

  async listAttachments(scope: string, range: Range): Promise<KeyedAttachment[] | undefined> {
    const { attachments } = this.#tenant(scope)
    const list = new MemoryList()
    for (const [id, record] of attachments) list.put(id, record)
    return list.page(range)?.flatMap(({ id }) => {
      const known = attachments.get(id)
      return known ? [{ ...known, scope, attachmentId: id }] : []
    })
  }

  async listDue(before: string, limit: number): Promise<KeyedAttachment[]> {
    const due: KeyedAttachment[] = []
    for (const [scope, { attachments }] of this.#tenants) {
      for (const [attachmentId, known] of attachments) {
        if (known.due !== null && known.due < before) due.push({ ...known, scope, attachmentId })
      }
    }
    return due.sort((a, b) => ((a.due ?? '') < (b.due ?? '') ? -1 : 1)).slice(0, limit)
  }

  async listScopes({ after, limit }: ScopeRange): Promise<string[]> {
    const used = [...this.#tenants].filter(([, { items, attachments }]) => items.size > 0 || attachments.size > 0)
    const scopes = used.map(([scope]) => scope).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    return scopes
      .filter((scope) => after === null || Buffer.compare(Buffer.from(scope), Buffer.from(after)) > 0)
      .slice(0, limit)
  }

  #tenant(scope: string): Tenant {
    const known = this.#tenants.get(scope)
    if (known) return known
    const made = { threads: new MemoryList(), items: new Map(), attachments: new Map() }
    this.#tenants.set(scope, made)
    return made
  }
}
