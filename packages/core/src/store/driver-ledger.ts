import type { Attachment } from '../attachments/attachment.ts'
import type { Calls } from '../policy/calls.ts'
import { checkId } from '../policy/ids.ts'
import { fromBody, toSnapshot } from '../policy/records.ts'
import { type ScopeOf, scopeOf } from '../policy/scope.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { AttachmentMove, AttachmentRecord, KeyedAttachment, StoreDriver } from './store-driver.ts'

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
    const key = { scope, attachmentId: checkId('attachment id', attachmentId) }
    const record = await this.#calls.run('loadAttachment', () => this.#driver.getAttachment(key))
    return record && toEntry(scope, record)
  }

  async putAttachment(scope: string, attachment: Attachment, move: AttachmentMove): Promise<void> {
    const { id, ...record } = toSnapshot('attachment', attachment, this.#maxBodyBytes)
    const key = { scope, attachmentId: id }
    await this.#calls.run('saveAttachment', () => this.#driver.putAttachment(key, { ...record, ...move, revision: 0 }))
  }

  async moveAttachment(entry: LedgerEntry, move: AttachmentMove): Promise<boolean> {
    const key = { scope: entry.scope, attachmentId: entry.attachment.id }
    return this.#calls.run('moveAttachment', () => this.#driver.moveAttachment(key, entry.revision, move))
  }

  async deleteAttachment(scope: string, attachmentId: string): Promise<void> {
    const key = { scope, attachmentId: checkId('attachment id', attachmentId) }
    await this.#calls.run('deleteAttachment', () => this.#driver.deleteAttachment(key))
  }

  async releaseAttachments(scope: string, threadId: string, due: Date): Promise<void> {
    const key = { scope, threadId: checkId('thread id', threadId) }
    await this.#calls.run('releaseAttachments', () => this.#driver.releaseAttachments(key, due.toISOString()))
  }

  async listDue(before: Date, limit: number): Promise<LedgerEntry[]> {
    const rows = await this.#calls.run('listDue', () => this.#driver.listDue(before.toISOString(), limit))
    return rows.map((row: KeyedAttachment) => toEntry(row.scope, row))
  }

  async hasThread(scope: string, threadId: string): Promise<boolean> {
    const key = { scope, threadId: checkId('thread id', threadId) }
    return (await this.#calls.run('hasThread', () => this.#driver.getThread(key))) !== undefined
  }
}

function toEntry(scope: string, record: AttachmentRecord): LedgerEntry {
  const { body, state, due, threadId, revision } = record
  return { scope, attachment: fromBody(body), state, due, threadId, revision }
}
