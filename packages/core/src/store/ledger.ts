import type { Attachment } from '../attachments/attachment.ts'
import type { AttachmentMove } from './store-driver.ts'

/**
 * The second face of a store, for a storage: attachment records with their private half, addressed by scope instead of
 * context, so that a sweep or a copy can reach every tenant. Its methods reject like those of a store. Its lists give at
 * most `limit` rows, and never more than 10,000; an empty one is the end.
 */
export interface Ledger<TContext = unknown> {
  /** The checked scope of a context. */
  scopeOf(context: TContext): string
  getAttachment(scope: string, attachmentId: string): Promise<LedgerEntry | undefined>
  /** Inserts; of a record that exists only the attachment is replaced. */
  putAttachment(scope: string, attachment: Attachment, move: AttachmentMove): Promise<void>
  /** Writes the private half when nobody else did since `entry` was read; `false` when somebody was first. */
  moveAttachment(entry: LedgerEntry, move: AttachmentMove): Promise<boolean>
  /** Removes the record; silent when absent. */
  deleteAttachment(scope: string, attachmentId: string): Promise<void>
  /** Every attachment bound to the thread becomes due. */
  releaseAttachments(scope: string, threadId: string, due: Date): Promise<void>
  /** Of one scope, after the attachment `after`, the oldest first; an id that is unknown or deleted: `invalid_cursor`. */
  listAttachments(scope: string, after: string | null, limit: number): Promise<LedgerEntry[]>
  /** Of all scopes, the attachments that became due before `before`, the longest due first. */
  listDue(before: Date, limit: number): Promise<LedgerEntry[]>
  /** The scopes with a thread or an attachment, by the bytes of their UTF-8, after `after`, which need not exist. */
  listScopes(after: string | null, limit: number): Promise<string[]>
  /** Whether the thread exists. */
  hasThread(scope: string, threadId: string): Promise<boolean>
  /** Whether the thread has the item. */
  hasItem(scope: string, threadId: string, itemId: string): Promise<boolean>
}

/** One attachment with its private half. */
export interface LedgerEntry extends AttachmentMove {
  readonly scope: string
  readonly attachment: Attachment
  readonly revision: number
}

/** Detected by shape, so that copies of packages agree. */
export function hasLedger<TContext>(store: object): store is { readonly ledger: Ledger<TContext> } {
  return 'ledger' in store && typeof store.ledger === 'object' && store.ledger !== null
}
