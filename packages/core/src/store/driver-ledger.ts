import type { Attachment } from '../attachments/attachment.ts'
import type { Calls } from '../policy/calls.ts'
import { checkId } from '../policy/ids.ts'
import { checkLimit, toRange, toRows } from '../policy/pages.ts'
import { fromBody, toSnapshot } from '../policy/records.ts'
import { type ScopeOf, scopeOf } from '../policy/scope.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { AttachmentKey, AttachmentMove, AttachmentRecord, StoreDriver, ThreadKey } from './store-driver.ts'

/** The ledger of a store over a driver. */
export class DriverLedger<TContext> implements Ledger<TContext> {
  readonly #driver: StoreDriver
  readonly #calls: Calls
  readonly #scope: ScopeOf<TContext>
  readonly #maxBodyBytes: number

  constructor(driver: StoreDriver, calls: Calls, scope: ScopeOf<TContext>, maxBodyBytes: number) {
    this.#driver = driver
    this.#calls = calls
    this.#scope = scope
    this.#maxBodyBytes = maxBodyBytes
  }

  scopeOf(context: TContext): string {
    return scopeOf(this.#scope, context)
  }

  async getAttachment(scope: string, attachmentId: string): Promise<LedgerEntry | undefined> {
    const key = attachmentKey(scope, attachmentId)
    const record = await this.#calls.run('loadAttachment', () => this.#driver.getAttachment(key))
    return record && toEntry({ ...record, scope })
  }

  async putAttachment(scope: string, attachment: Attachment, move: AttachmentMove): Promise<void> {
    const { id, record } = toSnapshot('attachment', attachment, this.#maxBodyBytes)
    const key = attachmentKey(scope, id)
    await this.#calls.run('saveAttachment', () => this.#driver.putAttachment(key, { ...record, ...move, revision: 0 }))
  }

  async moveAttachment(entry: LedgerEntry, move: AttachmentMove): Promise<boolean> {
    const key = attachmentKey(entry.scope, entry.attachment.id)
    return this.#calls.run('moveAttachment', () => this.#driver.moveAttachment(key, entry.revision, move))
  }

  async deleteAttachment(scope: string, attachmentId: string): Promise<void> {
    const key = attachmentKey(scope, attachmentId)
    await this.#calls.run('deleteAttachment', () => this.#driver.deleteAttachment(key))
  }

  async releaseAttachments(scope: string, threadId: string, due: Date): Promise<void> {
    const key = threadKey(scope, threadId)
    await this.#calls.run('releaseAttachments', () => this.#driver.releaseAttachments(key, due.toISOString()))
  }

  async listAttachments(scope: string, after: string | null, limit: number): Promise<LedgerEntry[]> {
    checkId('scope', scope)
    const range = toRange(limit, after, 'asc')
    const rows = await this.#calls.run('listAttachments', () => this.#driver.listAttachments(scope, range))
    return toRows(rows, range).map(toEntry)
  }

  async listDue(before: Date, limit: number): Promise<LedgerEntry[]> {
    const most = checkLimit(limit)
    const rows = await this.#calls.run('listDue', () => this.#driver.listDue(before.toISOString(), most))
    return rows.map(toEntry)
  }

  async listScopes(after: string | null, limit: number): Promise<string[]> {
    const range = { after: (after ?? '') === '' ? null : checkId('after', after), limit: checkLimit(limit) }
    return this.#calls.run('listScopes', () => this.#driver.listScopes(range))
  }

  async hasThread(scope: string, threadId: string): Promise<boolean> {
    const key = threadKey(scope, threadId)
    return (await this.#calls.run('hasThread', () => this.#driver.getThread(key))) !== undefined
  }

  async hasItem(scope: string, threadId: string, itemId: string): Promise<boolean> {
    const key = { ...threadKey(scope, threadId), itemId: checkId('item id', itemId) }
    return (await this.#calls.run('hasItem', () => this.#driver.getItem(key))) !== undefined
  }
}

function attachmentKey(scope: string, attachmentId: string): AttachmentKey {
  return { scope: checkId('scope', scope), attachmentId: checkId('attachment id', attachmentId) }
}

function threadKey(scope: string, threadId: string): ThreadKey {
  return { scope: checkId('scope', scope), threadId: checkId('thread id', threadId) }
}

function toEntry(row: AttachmentRecord & { readonly scope: string }): LedgerEntry {
  const { scope, body, state, due, threadId, revision } = row
  return { scope, attachment: fromBody(body), state, due, threadId, revision }
}
