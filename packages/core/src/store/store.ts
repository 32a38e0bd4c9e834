import type { Attachment } from '../attachments/attachment.ts'
import { generateId } from '../policy/ids.ts'
import type { Finding } from './finding.ts'
import type { StoreItemType, ThreadItem } from './item.ts'
import type { Order, Page } from './page.ts'
import type { ThreadMetadata } from './thread.ts'

/**
 * Threads, items and attachment records of a chat server. The context of every call names the tenant; what belongs to
 * another tenant does not exist.
 *
 * What goes in is copied as JSON, and what comes out is a fresh copy of it: nobody's later mutation shows. Every method
 * rejects with a `StorageError`: `invalid_argument` before anything is sent, `unavailable` or `timeout` when the backend
 * cannot answer. An outage never looks like `not_found`.
 */
export abstract class Store<TContext = unknown> {
  /** A new thread id: `thr_` and a time-ordered UUID. */
  generateThreadId(_context: TContext): string {
    return generateId('thread')
  }

  /** A new item id: the prefix of its type (`msg_`, `tc_`, `tsk_`, `wf_` …) and a time-ordered UUID. */
  generateItemId(type: StoreItemType, _thread: ThreadMetadata, _context: TContext): string {
    return generateId(type)
  }

  /** The thread without its items. Missing: `NotFoundError`. */
  abstract loadThread(threadId: string, context: TContext): Promise<ThreadMetadata>

  /** Inserts or replaces the whole thread; a field `items` is dropped, and items in the store are never touched. */
  abstract saveThread(thread: ThreadMetadata, context: TContext): Promise<void>

  /** Removes the thread with its items; silent when absent. A thread saved again under the id starts empty. */
  abstract deleteThread(threadId: string, context: TContext): Promise<void>

  /**
   * A page of threads, after the thread with the id `after`. `null`, `''` and `undefined` begin at the start.
   * A deleted thread's id keeps working until 1,000 later deletions or 24 hours; another that does not resolve:
   * `invalid_cursor`.
   */
  abstract loadThreads(
    limit: number,
    after: string | null,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadMetadata>>

  /** A page of a thread's items; cursors as in `loadThreads`. A missing thread gives an empty page. */
  abstract loadThreadItems(
    threadId: string,
    after: string | null,
    limit: number,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadItem>>

  /**
   * Inserts the item, or replaces the one with its id in this thread, which keeps its place: servers add the same reply
   * twice. Missing thread: `NotFoundError`, and nothing is stored, however a deletion races.
   */
  abstract addThreadItem(threadId: string, item: ThreadItem, context: TContext): Promise<void>

  /** The same promise as `addThreadItem`; servers call it for an item that may or may not be there. */
  abstract saveItem(threadId: string, item: ThreadItem, context: TContext): Promise<void>

  /** One item. Missing, or in another thread: `NotFoundError`. */
  abstract loadItem(threadId: string, itemId: string, context: TContext): Promise<ThreadItem>

  /** Removes one item; silent when absent. */
  abstract deleteThreadItem(threadId: string, itemId: string, context: TContext): Promise<void>

  /** Inserts or replaces the attachment's record. */
  abstract saveAttachment(attachment: Attachment, context: TContext): Promise<void>

  /** The attachment's record. Missing: `NotFoundError`. */
  abstract loadAttachment(attachmentId: string, context: TContext): Promise<Attachment>

  /** Removes the attachment's record, not its bytes; silent when absent. */
  abstract deleteAttachment(attachmentId: string, context: TContext): Promise<void>

  /** Prepares the backend (tables, indexes). Safe twice, and from many processes at once. */
  async setup(): Promise<void> {}

  /** Resolves when the backend answers. */
  async ping(): Promise<void> {}

  /** What a person should know about this backend, in words; nothing is changed. */
  async check(): Promise<Finding[]> {
    return []
  }

  /** Closes what this store opened itself; a client that was given stays open. */
  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
