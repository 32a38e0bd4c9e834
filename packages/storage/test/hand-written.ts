import { type Attachment, type Order, type Page, Store, type ThreadItem, type ThreadMetadata } from '@threadkeep/core'
import type { AttachmentMove, Ledger, LedgerEntry } from '@threadkeep/core/driver'
import type { Actor } from './open-storage.ts'

/** As a server's SDK throws it: only its name tells. */
class NotFoundError extends Error {
  override name = 'NotFoundError'
}

/** A store as somebody writes it straight against the contract, in one table of JSON. */
export class HandWrittenStore extends Store<Actor> {
  readonly rows = new Map<string, string>()

  override async loadThread(id: string, { tenant }: Actor): Promise<ThreadMetadata> {
    return this.#get(`${tenant}/threads/${id}`)
  }

  override async saveThread(thread: ThreadMetadata, { tenant }: Actor): Promise<void> {
    this.rows.set(`${tenant}/threads/${thread.id}`, JSON.stringify(thread))
  }

  override async deleteThread(id: string, { tenant }: Actor): Promise<void> {
    for (const key of [...this.rows.keys()]) {
      if (key === `${tenant}/threads/${id}` || key.startsWith(`${tenant}/items/${id}/`)) this.rows.delete(key)
    }
  }

  override async loadThreads(
    limit: number,
    _after: string | null,
    _order: Order,
    { tenant }: Actor,
  ): Promise<Page<ThreadMetadata>> {
    return this.#page(`${tenant}/threads/`, limit)
  }

  override async loadThreadItems(
    threadId: string,
    _after: string | null,
    limit: number,
    _order: Order,
    { tenant }: Actor,
  ): Promise<Page<ThreadItem>> {
    return this.#page(`${tenant}/items/${threadId}/`, limit)
  }

  override async addThreadItem(threadId: string, item: ThreadItem, context: Actor): Promise<void> {
    await this.loadThread(threadId, context)
    this.rows.set(`${context.tenant}/items/${threadId}/${item.id}`, JSON.stringify(item))
  }

  override async saveItem(threadId: string, item: ThreadItem, context: Actor): Promise<void> {
    await this.addThreadItem(threadId, item, context)
  }

  override async loadItem(threadId: string, itemId: string, { tenant }: Actor): Promise<ThreadItem> {
    return this.#get(`${tenant}/items/${threadId}/${itemId}`)
  }

  override async deleteThreadItem(threadId: string, itemId: string, { tenant }: Actor): Promise<void> {
    this.rows.delete(`${tenant}/items/${threadId}/${itemId}`)
  }

  override async saveAttachment(attachment: Attachment, { tenant }: Actor): Promise<void> {
    this.rows.set(`${tenant}/attachments/${attachment.id}`, JSON.stringify(attachment))
  }

  override async loadAttachment(id: string, { tenant }: Actor): Promise<Attachment> {
    return this.#get(`${tenant}/attachments/${id}`)
  }

  override async deleteAttachment(id: string, { tenant }: Actor): Promise<void> {
    this.rows.delete(`${tenant}/attachments/${id}`)
  }

  #get<T>(key: string): T {
    const row = this.rows.get(key)
    if (row === undefined) throw new NotFoundError(`${key} is not here`)
    return JSON.parse(row)
  }

  #page<T>(prefix: string, limit: number): Page<T> {
    const rows = [...this.rows].filter(([key]) => key.startsWith(prefix)).slice(0, limit)
    return { data: rows.map(([, row]) => JSON.parse(row)), has_more: false, after: null }
  }
}

/** The ledger that its author gives a storage: a table of its own, beside the store's threads. */
export class HandWrittenLedger implements Ledger<Actor> {
  readonly #store: HandWrittenStore
  readonly #entries = new Map<string, LedgerEntry>()

  constructor(store: HandWrittenStore) {
    this.#store = store
  }

  scopeOf({ tenant }: Actor): string {
    return tenant
  }

  async getAttachment(scope: string, id: string): Promise<LedgerEntry | undefined> {
    return this.#entries.get(`${scope}/${id}`)
  }

  async putAttachment(scope: string, attachment: Attachment, move: AttachmentMove): Promise<void> {
    const key = `${scope}/${attachment.id}`
    const known = this.#entries.get(key) ?? { scope, revision: 0, ...move }
    this.#entries.set(key, { ...known, attachment: structuredClone(attachment) })
  }

  async moveAttachment({ scope, attachment, revision }: LedgerEntry, move: AttachmentMove): Promise<boolean> {
    const key = `${scope}/${attachment.id}`
    const known = this.#entries.get(key)
    if (known?.revision !== revision) return false
    this.#entries.set(key, { ...known, ...move, revision: revision + 1 })
    return true
  }

  async deleteAttachment(scope: string, id: string): Promise<void> {
    this.#entries.delete(`${scope}/${id}`)
  }

  async releaseAttachments(scope: string, threadId: string, due: Date): Promise<void> {
    for (const entry of await this.listAttachments(scope)) {
      if (entry.threadId === threadId) await this.moveAttachment(entry, { ...entry, due: due.toISOString() })
    }
  }

  async listAttachments(scope: string): Promise<LedgerEntry[]> {
    return [...this.#entries.values()].filter((entry) => entry.scope === scope)
  }

  async listDue(before: Date, limit: number): Promise<LedgerEntry[]> {
    const due = [...this.#entries.values()].filter((entry) => entry.due !== null && entry.due < before.toISOString())
    return due.slice(0, limit)
  }

  async listScopes(): Promise<string[]> {
    return [...new Set([...this.#entries.values()].map(({ scope }) => scope))]
  }

  async hasThread(scope: string, threadId: string): Promise<boolean> {
    return this.#store.rows.has(`${scope}/threads/${threadId}`)
  }

  async hasItem(scope: string, threadId: string, itemId: string): Promise<boolean> {
    return this.#store.rows.has(`${scope}/items/${threadId}/${itemId}`)
  }
}
