import type { ErrorCode } from '../policy/errors.ts'
import type { Finding } from './finding.ts'
import type { Order } from './page.ts'

/**
 * The few commands a database needs to be a store. `DriverStore` puts the rules in front of it.
 *
 * Everything a driver is given is checked: keys are complete, ids and scopes are well-formed strings of 1 to 512 bytes
 * without NUL, records are within the size limit. Everything it throws is raw; `classify` sorts it. Every method is
 * atomic by the database, keeps to the scope of its key, and counts the same commands whatever the size of the list
 * (`releaseAttachments` may take more for more attachments, and what reaches all scopes for more scopes).
 *
 * The id of a deleted thread or item goes on as a cursor until 1,000 later deletions in its list or 24 hours, whichever
 * comes first; one that is put again gets the position of its new record. Attachments leave nothing behind. A constructor
 * sends nothing: what it throws is not classified.
 */
export interface StoreDriver {
  /** The service's name in lowercase, for messages and observation. */
  readonly name: string

  getThread(key: ThreadKey): Promise<StoredRecord | undefined>
  /** Inserts; a record that exists keeps its position and gets the new body. */
  putThread(key: ThreadKey, record: StoredRecord): Promise<void>
  /** Removes the thread with all its items. */
  deleteThread(key: ThreadKey): Promise<void>
  /** `undefined` when `range.after` does not resolve. */
  listThreads(scope: string, range: Range): Promise<StoredRecord[] | undefined>

  getItem(key: ItemKey): Promise<StoredRecord | undefined>
  /** As `putThread`; `false`, and nothing stored, when there is no such thread. */
  putItem(key: ItemKey, record: StoredRecord): Promise<boolean>
  deleteItem(key: ItemKey): Promise<void>
  /** `undefined` when `range.after` does not resolve in a thread that exists; a missing thread gives no rows. */
  listItems(key: ThreadKey, range: Range): Promise<StoredRecord[] | undefined>

  getAttachment(key: AttachmentKey): Promise<AttachmentRecord | undefined>
  /** Inserts; of a record that exists only the body is replaced. */
  putAttachment(key: AttachmentKey, record: AttachmentRecord): Promise<void>
  /** Writes `move` and the next revision when the record has `revision`; `false` when it has another or is gone. */
  moveAttachment(key: AttachmentKey, revision: number, move: AttachmentMove): Promise<boolean>
  deleteAttachment(key: AttachmentKey): Promise<void>
  /** Every attachment of the thread becomes due at `due` and gets its next revision. */
  releaseAttachments(key: ThreadKey, due: string): Promise<void>
  /** `undefined` when `range.after` does not resolve. */
  listAttachments(scope: string, range: Range): Promise<KeyedAttachment[] | undefined>
  /** Of all scopes, at most `limit` attachments that became due before `before`, the longest due first. */
  listDue(before: string, limit: number): Promise<KeyedAttachment[]>
  /** Scopes that have a thread or an attachment, by their bytes, after the scope `after`, each once. */
  listScopes(range: ScopeRange): Promise<string[]>

  setup?(): Promise<void>
  ping?(): Promise<void>
  check?(): Promise<Finding[]>
  close?(): Promise<void>
  /** The code of an error that this driver threw; `undefined` for one it does not know. */
  classify?(error: unknown): ErrorCode | undefined
}

export interface ThreadKey {
  readonly scope: string
  readonly threadId: string
}

export interface ItemKey extends ThreadKey {
  readonly itemId: string
}

export interface AttachmentKey {
  readonly scope: string
  readonly attachmentId: string
}

/** One row. */
export interface StoredRecord {
  /** The sort key: ASCII of a fixed width, unique, sorts by bytes. */
  readonly position: string
  /** JSON text, which no backend parses. */
  readonly body: string
}

/** Beside the public body, what only a storage reads and writes. */
export interface AttachmentRecord extends StoredRecord, AttachmentMove {
  readonly revision: number
}

export interface AttachmentMove {
  /** The upload's life, opaque to the driver; `''` when there is none. */
  readonly state: string
  /** An ISO instant in UTC with milliseconds (sorts by bytes), when a sweep should look at it; `null`: never. */
  readonly due: string | null
  /** The thread it is bound to. */
  readonly threadId: string | null
}

export interface KeyedAttachment extends AttachmentKey, AttachmentRecord {}

/** `after` is a row's id, or `''`, which no row has; `limit` is a whole number ≥ 1, one more than was asked for. */
export interface Range {
  readonly after: string | null
  readonly limit: number
  readonly order: Order
}

/** Scopes always ascend. */
export interface ScopeRange {
  readonly after: string | null
  readonly limit: number
}
