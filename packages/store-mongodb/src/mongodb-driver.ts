import { randomUUID } from 'node:crypto'
import type { Finding } from '@threadkeep/core'
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
} from '@threadkeep/core/driver'
import { createIndexes } from './indexes.ts'
import { attachmentFields, type Collections, goneNow, no, recordFields, toAttachment } from './layout.ts'
import { type Connection, classify, survey } from './mongodb-client.ts'
import { findPage, forgetItems, forgetThreads, scopesAfter, upsert } from './queries.ts'

/** The first deletion of a process and every so many after it remove the old tombstones of their list. */
const forgetEvery = 100

/**
 * Every command changes one document, or removes some that nobody can see. Each life of a thread is a document with a
 * random generation; it turns from live to gone once, in one command, and never back. Items are seen only under the
 * generation of a live thread. So whatever meets whatever, and wherever a process ends:
 *
 * - Deleting ends a life, and removes items of that life alone: no item of a later one.
 * - A write whose thread was deleted since it read the generation has come just before that: it is gone with the thread.
 * - What a deletion that broke off, or such a write, leaves is never seen. The next `deleteThread` of the id removes it, or
 *   whichever in this scope removes the tombstone a day later: by then no write can be under way.
 */
export class MongoDBDriver implements StoreDriver {
  readonly name = 'mongodb'
  readonly classify: typeof classify = classify
  readonly #connection: Connection
  #deletions = 0

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async getThread({ scope, threadId }: ThreadKey): Promise<StoredRecord | undefined> {
    const { threads } = await this.#collections()
    return (await threads.findOne({ scope, id: threadId, gone: no }, { projection: recordFields })) ?? undefined
  }

  async putThread({ scope, threadId }: ThreadKey, { position, body }: StoredRecord): Promise<void> {
    const { threads } = await this.#collections()
    await upsert(threads, { scope, id: threadId, gone: no }, { body }, { position, generation: randomUUID() })
  }

  async deleteThread({ scope, threadId }: ThreadKey): Promise<void> {
    const { threads, items } = await this.#collections()
    const ended = await threads.findOneAndUpdate({ scope, id: threadId, gone: no }, goneNow(), {
      returnDocument: 'after',
    })
    const lives = ended ? [ended] : await threads.find({ scope, id: threadId, gone: { $lt: no } }, {}).toArray()
    for (const { generation } of lives) await items.deleteMany({ scope, generation })
    if (this.#isTimeToForget()) await forgetThreads(await this.#collections(), scope)
  }

  async listThreads(scope: string, range: Range): Promise<StoredRecord[] | undefined> {
    const { threads } = await this.#collections()
    return findPage(threads, { scope }, { gone: no }, range, recordFields)
  }

  async getItem({ itemId, ...key }: ItemKey): Promise<StoredRecord | undefined> {
    const { items } = await this.#collections()
    const life = await this.#lifeOf(key)
    if (!life) return undefined
    return (await items.findOne({ ...life, id: itemId, gone: no }, { projection: recordFields })) ?? undefined
  }

  async putItem({ itemId, ...key }: ItemKey, { position, body }: StoredRecord): Promise<boolean> {
    const { items } = await this.#collections()
    const life = await this.#lifeOf(key)
    if (life) await upsert(items, { ...life, id: itemId, gone: no }, { body }, { position })
    return life !== undefined
  }

  async deleteItem({ itemId, ...key }: ItemKey): Promise<void> {
    const { items } = await this.#collections()
    const life = await this.#lifeOf(key)
    if (!life) return
    await items.updateOne({ ...life, id: itemId, gone: no }, goneNow())
    if (this.#isTimeToForget()) await forgetItems(await this.#collections(), life)
  }

  /** A page that is read while its thread is being deleted may lack some of its items already. */
  async listItems(key: ThreadKey, range: Range): Promise<StoredRecord[] | undefined> {
    const { items } = await this.#collections()
    const life = await this.#lifeOf(key)
    if (!life) return []
    const rows = await findPage(items, life, { gone: no }, range, recordFields)
    // The cursor of a thread that was deleted meanwhile is not wrong.
    return rows ?? ((await this.#lifeOf(key)) ? undefined : [])
  }

  async getAttachment({ scope, attachmentId }: AttachmentKey): Promise<AttachmentRecord | undefined> {
    const { attachments } = await this.#collections()
    const found = await attachments.findOne({ scope, id: attachmentId }, { projection: attachmentFields })
    return found ? toAttachment(found) : undefined
  }

  async putAttachment({ scope, attachmentId }: AttachmentKey, record: AttachmentRecord): Promise<void> {
    const { attachments } = await this.#collections()
    const { position, body, state, revision, due, threadId } = record
    await upsert(attachments, { scope, id: attachmentId }, { body }, { position, state, revision, due, threadId })
  }

  async moveAttachment(key: AttachmentKey, revision: number, move: AttachmentMove): Promise<boolean> {
    const { attachments } = await this.#collections()
    const { state, due, threadId } = move
    const change = { $set: { state, due, threadId }, $inc: { revision: 1 } }
    const moved = await attachments.updateOne({ scope: key.scope, id: key.attachmentId, revision }, change)
    return moved.matchedCount === 1
  }

  async deleteAttachment({ scope, attachmentId }: AttachmentKey): Promise<void> {
    const { attachments } = await this.#collections()
    await attachments.deleteOne({ scope, id: attachmentId })
  }

  /** Each changes by itself; repeated, it changes them again. */
  async releaseAttachments({ scope, threadId }: ThreadKey, due: string): Promise<void> {
    const { attachments } = await this.#collections()
    await attachments.updateMany({ scope, threadId }, { $set: { due }, $inc: { revision: 1 } })
  }

  async listAttachments(scope: string, range: Range): Promise<KeyedAttachment[] | undefined> {
    const { attachments } = await this.#collections()
    const found = await findPage(attachments, { scope }, {}, range, attachmentFields)
    return found?.map(toAttachment)
  }

  async listDue(before: string, limit: number): Promise<KeyedAttachment[]> {
    const { attachments } = await this.#collections()
    const options = { projection: attachmentFields, sort: { due: 1 }, limit, batchSize: limit + 1 }
    return (await attachments.find({ due: { $lt: before } }, options).toArray()).map(toAttachment)
  }

  async listScopes({ after, limit }: ScopeRange): Promise<string[]> {
    return scopesAfter(await this.#collections(), after ?? '', limit)
  }

  async setup(): Promise<void> {
    await createIndexes(await this.#collections())
  }

  async ping(): Promise<void> {
    const { db } = await this.#collections()
    await db.command({ ping: 1 }, {})
  }

  async check(): Promise<Finding[]> {
    return survey(await this.#collections())
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  #collections(): Promise<Collections> {
    return this.#connection.collections()
  }

  /** What the items of a thread are kept under, while it is there. */
  async #lifeOf({ scope, threadId }: ThreadKey): Promise<{ scope: string; generation: string } | undefined> {
    const { threads } = await this.#collections()
    const live = await threads.findOne({ scope, id: threadId, gone: no }, { projection: { _id: 0, generation: 1 } })
    return live ? { scope, generation: live.generation } : undefined
  }

  #isTimeToForget(): boolean {
    return this.#deletions++ % forgetEvery === 0
  }
}
