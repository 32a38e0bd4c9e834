/**
 * One way to keep threads and their items. Each method is what a chat server does in one step: it serialises what goes
 * in and parses what comes out. Threads are known by their ids alone; the records are made up.
 */
export interface StoreSide {
  readonly name: StoreSideName
  saveThread(threadId: string): Promise<unknown>
  loadThread(threadId: string): Promise<unknown>
  /** The `limit` newest threads of a tenant. */
  listThreads(tenant: string, limit: number): Promise<unknown>
  deleteThread(threadId: string): Promise<unknown>
  addItem(threadId: string, itemId: string): Promise<unknown>
  lastItems(threadId: string, limit: number): Promise<unknown>
  /** The page of `limit` items, oldest first, that follows item `after`; `offset` is how many are before the page. */
  pageItems(threadId: string, after: string, limit: number, offset: number): Promise<unknown>
  /** Makes a thread with items `0` to `count - 1`. */
  seed(threadId: string, count: number): Promise<void>
  /** Makes `count` empty threads of a tenant. */
  seedThreads(tenant: string, count: number): Promise<void>
  close(): Promise<void>
}

/**
 * `adapter`: through the store. `bare`: the same commands, sent by the client alone. `bare again`: the same once more, to
 * show the noise. `by hand`: the least that somebody would write who needs neither an existence check nor cursors that
 * outlive their row. `peer`: what people would install otherwise.
 */
export type StoreSideName = 'adapter' | 'bare' | 'bare again' | 'by hand' | 'peer'

/** The tenant of all threads that are not listed. */
export const tenant = 'bench'
