import type { Attachment } from '../attachments/attachment.ts'
import { Calls } from '../policy/calls.ts'
import { NotFoundError } from '../policy/errors.ts'
import { orUnreachable } from '../policy/findings.ts'
import { checkId } from '../policy/ids.ts'
import { type Observation, storeChannel } from '../policy/observe.ts'
import { maxTimeoutMs, wholeNumber } from '../policy/options.ts'
import { toPage, toRange } from '../policy/pages.ts'
import { fromBody, toSnapshot } from '../policy/records.ts'
import { checkScopeOption, type ScopeOf, scopeOf } from '../policy/scope.ts'
import { defaultTimeoutMs } from '../policy/under-way.ts'
import { DriverLedger } from './driver-ledger.ts'
import type { Finding } from './finding.ts'
import type { ThreadItem } from './item.ts'
import type { Ledger } from './ledger.ts'
import type { Order, Page } from './page.ts'
import { Store } from './store.ts'
import type { StoreDriver, StoredRecord, ThreadKey } from './store-driver.ts'
import type { ThreadMetadata } from './thread.ts'

/** What every store takes, whatever its backend. */
export interface StoreOptions<TContext> {
  /** Names the tenant of a context; every record is kept under it. Required, synchronous. */
  scope: ScopeOf<TContext>
  /** How long a call may take, in milliseconds, until it rejects with `timeout`. Default 10,000. */
  timeoutMs?: number
  /** The largest thread, item or attachment record, in bytes of JSON. Default 15 MiB. */
  maxBodyBytes?: number
}

/** A store over a driver. Every method: check, key, one driver call, shape. */
export class DriverStore<TContext = unknown> extends Store<TContext> {
  /** The second face of this store, for `createStorage`. */
  readonly ledger: Ledger<TContext>
  readonly #driver: StoreDriver
  readonly #calls: Calls
  readonly #scope: ScopeOf<TContext>
  readonly #maxBodyBytes: number

  constructor(driver: StoreDriver, options: StoreOptions<TContext>) {
    super()
    checkScopeOption(options.scope)
    const timeoutMs = wholeNumber('timeoutMs', options.timeoutMs, defaultTimeoutMs, maxTimeoutMs)
    this.#driver = driver
    this.#calls = new Calls(driver, storeChannel, timeoutMs)
    this.#scope = options.scope
    this.#maxBodyBytes = wholeNumber('maxBodyBytes', options.maxBodyBytes, 15 * 1024 * 1024)
    this.ledger = new DriverLedger(driver, this.#calls, this.#scope, this.#maxBodyBytes)
  }

  override async loadThread(threadId: string, context: TContext): Promise<ThreadMetadata> {
    const key = this.#threadKey(threadId, context)
    const load = async () => required(await this.#driver.getThread(key), 'thread', threadId)
    return fromBody((await this.#calls.run('loadThread', load, oneRow)).body)
  }

  override async saveThread(thread: ThreadMetadata, context: TContext): Promise<void> {
    const scope = scopeOf(this.#scope, context)
    const { id, record } = toSnapshot('thread', thread, this.#maxBodyBytes, ['items'])
    await this.#calls.run('saveThread', () => this.#driver.putThread({ scope, threadId: id }, record))
  }

  override async deleteThread(threadId: string, context: TContext): Promise<void> {
    const key = this.#threadKey(threadId, context)
    await this.#calls.run('deleteThread', () => this.#driver.deleteThread(key))
  }

  override async loadThreads(
    limit: number,
    after: string | null,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadMetadata>> {
    const scope = scopeOf(this.#scope, context)
    const range = toRange(limit, after, order)
    return toPage(await this.#calls.run('loadThreads', () => this.#driver.listThreads(scope, range), manyRows), range)
  }

  override async loadThreadItems(
    threadId: string,
    after: string | null,
    limit: number,
    order: Order,
    context: TContext,
  ): Promise<Page<ThreadItem>> {
    const key = this.#threadKey(threadId, context)
    const range = toRange(limit, after, order)
    return toPage(await this.#calls.run('loadThreadItems', () => this.#driver.listItems(key, range), manyRows), range)
  }

  override async addThreadItem(threadId: string, item: ThreadItem, context: TContext): Promise<void> {
    await this.#putItem('addThreadItem', threadId, item, context)
  }

  override async saveItem(threadId: string, item: ThreadItem, context: TContext): Promise<void> {
    await this.#putItem('saveItem', threadId, item, context)
  }

  override async loadItem(threadId: string, itemId: string, context: TContext): Promise<ThreadItem> {
    const key = { ...this.#threadKey(threadId, context), itemId: checkId('item id', itemId) }
    const load = async () => required(await this.#driver.getItem(key), 'item', itemId)
    return fromBody((await this.#calls.run('loadItem', load, oneRow)).body)
  }

  override async deleteThreadItem(threadId: string, itemId: string, context: TContext): Promise<void> {
    const key = { ...this.#threadKey(threadId, context), itemId: checkId('item id', itemId) }
    await this.#calls.run('deleteThreadItem', () => this.#driver.deleteItem(key))
  }

  override async saveAttachment(attachment: Attachment, context: TContext): Promise<void> {
    const unmoved = { state: '', due: null, threadId: null }
    await this.ledger.putAttachment(scopeOf(this.#scope, context), attachment, unmoved)
  }

  override async loadAttachment(attachmentId: string, context: TContext): Promise<Attachment> {
    const entry = await this.ledger.getAttachment(scopeOf(this.#scope, context), attachmentId)
    if (!entry) throw new NotFoundError(`attachment ${attachmentId} not found`)
    return entry.attachment
  }

  override async deleteAttachment(attachmentId: string, context: TContext): Promise<void> {
    await this.ledger.deleteAttachment(scopeOf(this.#scope, context), attachmentId)
  }

  override async setup(): Promise<void> {
    await this.#calls.runWithoutDeadline('setup', async () => this.#driver.setup?.())
  }

  override async ping(): Promise<void> {
    await this.#calls.run('ping', async () => this.#driver.ping?.())
  }

  override async check(): Promise<Finding[]> {
    return orUnreachable(this.#calls.run('check', async () => (await this.#driver.check?.()) ?? []))
  }

  override close(): Promise<void> {
    return this.#calls.close()
  }

  /** For commands that only this adapter has: observed, under the deadline, and failing with typed errors. */
  protected run<T>(operation: string, command: () => Promise<T>): Promise<T> {
    return this.#calls.run(operation, command)
  }

  /** A thread that is missing is told by the driver's `false`, or by an error of the backend's that means it. */
  async #putItem(operation: string, threadId: string, item: ThreadItem, context: TContext): Promise<void> {
    const { scope } = this.#threadKey(threadId, context)
    const { id, record } = toSnapshot('item', item, this.#maxBodyBytes)
    const key = { scope, threadId, itemId: id }
    const put = async () => required(await this.#driver.putItem(key, record), 'thread', threadId)
    await this.#calls.run(operation, put, () => ({ bytes: Buffer.byteLength(record.body) }))
  }

  #threadKey(threadId: string, context: TContext): ThreadKey {
    return { scope: scopeOf(this.#scope, context), threadId: checkId('thread id', threadId) }
  }
}

/** Gives back what was found. Nothing, or `false`: `NotFoundError`. */
function required<T>(found: T | undefined | false, what: string, id: string): T {
  if (found === undefined || found === false) throw new NotFoundError(`${what} ${id} not found`)
  return found
}

function oneRow({ body }: StoredRecord): Partial<Observation> {
  return { rows: 1, bytes: Buffer.byteLength(body) }
}

function manyRows(records: readonly StoredRecord[] = []): Partial<Observation> {
  return { rows: records.length, bytes: records.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0) }
}
