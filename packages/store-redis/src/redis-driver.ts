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
import { idOf, isOne, keysOf, type ScopeKeys, toAttachments, toRecord } from './layout.ts'
import { type Connection, classify, survey } from './redis-client.ts'
import { type DueInScope, ScopeIndex } from './scope-index.ts'

/** As many bodies a script copies into Lua, at 3.7 µs each, while Redis serves nobody else. */
const atOnce = 512
/** As many rows one command looks at: some milliseconds. */
const longest = 2_000

/**
 * All keys of a scope have one hash tag and so one slot, and a method there is one script or one plain command. What
 * crosses scopes is noted in an index before it is written, so that nothing is missed whatever fails in between.
 */
export class RedisDriver implements StoreDriver {
  readonly name = 'redis'
  readonly classify: typeof classify = classify
  readonly #connection: Connection
  readonly #keysOf: (scope: string) => ScopeKeys
  readonly #index: ScopeIndex

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection
    this.#keysOf = (scope) => keysOf(prefix, scope)
    this.#index = new ScopeIndex(connection, prefix)
  }

  async getThread({ scope, threadId }: ThreadKey): Promise<StoredRecord | undefined> {
    return toRecord(await this.#connection.call('hget', this.#keysOf(scope).threads[0], threadId))
  }

  async putThread({ scope, threadId }: ThreadKey, { position, body }: StoredRecord): Promise<void> {
    const { threads, known } = this.#keysOf(scope)
    const keys = [...threads, known]
    const put = (noted: string) => this.#connection.run('putThread', keys, [threadId, position, body, noted])
    if (isOne(await put(''))) return
    await this.#index.note(scope, null)
    await put('1')
  }

  async deleteThread({ scope, threadId }: ThreadKey): Promise<void> {
    const { threads, items } = this.#keysOf(scope)
    await this.#connection.run('deleteThread', [...threads, ...items(threadId)], [threadId])
  }

  async listThreads(scope: string, range: Range): Promise<StoredRecord[] | undefined> {
    const [rows, order] = this.#keysOf(scope).threads
    return this.#records([rows, order, rows], range, '')
  }

  async getItem({ scope, threadId, itemId }: ItemKey): Promise<StoredRecord | undefined> {
    return toRecord(await this.#connection.call('hget', this.#keysOf(scope).items(threadId)[0], itemId))
  }

  async putItem({ scope, threadId, itemId }: ItemKey, { position, body }: StoredRecord): Promise<boolean> {
    const { threads, items } = this.#keysOf(scope)
    const row = [itemId, position, body]
    return isOne(await this.#connection.run('putItem', [...items(threadId), threads[0]], [...row, threadId]))
  }

  async deleteItem({ scope, threadId, itemId }: ItemKey): Promise<void> {
    await this.#connection.run('deleteItem', this.#keysOf(scope).items(threadId), [itemId])
  }

  async listItems({ scope, threadId }: ThreadKey, range: Range): Promise<StoredRecord[] | undefined> {
    const { threads, items } = this.#keysOf(scope)
    const [rows, order] = items(threadId)
    return this.#records([rows, order, threads[0]], range, threadId)
  }

  async getAttachment({ scope, attachmentId }: AttachmentKey): Promise<AttachmentRecord | undefined> {
    return (await this.#getAttachments(scope, [attachmentId]))[0]
  }

  async putAttachment({ scope, attachmentId }: AttachmentKey, record: AttachmentRecord): Promise<void> {
    const { position, body, revision, state, due, threadId } = record
    const { attachments, moves, known } = this.#keysOf(scope)
    const [keys, row] = [
      [...attachments, ...moves, known],
      [attachmentId, position, body],
    ]
    const move = [revision, state, due ?? '', threadId ?? '']
    const put = (noted: string) => this.#connection.run('putAttachment', keys, [...row, noted, ...move])
    if (due === null && isOne(await put(''))) return
    await this.#index.note(scope, due)
    await put('1')
  }

  async moveAttachment(key: AttachmentKey, revision: number, move: AttachmentMove): Promise<boolean> {
    if (move.due !== null) await this.#index.note(key.scope, move.due)
    const values = [key.attachmentId, revision, move.state, move.due ?? '', move.threadId ?? '', randomUUID()]
    return isOne(await this.#connection.run('moveAttachment', this.#keysOf(key.scope).moves, values))
  }

  async deleteAttachment({ scope, attachmentId }: AttachmentKey): Promise<void> {
    const { attachments, moves } = this.#keysOf(scope)
    await this.#connection.run('deleteAttachment', [...attachments, ...moves], [attachmentId])
  }

  async releaseAttachments({ scope, threadId }: ThreadKey, due: string): Promise<void> {
    await this.#index.note(scope, due)
    const { moves } = this.#keysOf(scope)
    for (let from: unknown; from !== ''; )
      from = await this.#connection.run('releaseAttachments', moves, [threadId, due, `${from ?? ''}`])
  }

  async listAttachments(scope: string, range: Range): Promise<KeyedAttachment[] | undefined> {
    const [rows, order] = this.#keysOf(scope).attachments
    return this.#page([rows, order, rows], range, '', 0, (ids) => this.#getAttachments(scope, ids))
  }

  async listDue(before: string, limit: number): Promise<KeyedAttachment[]> {
    return this.#index.listDue(before, limit, (scope) => this.#dueIn(scope, before, limit))
  }

  async listScopes(range: ScopeRange): Promise<string[]> {
    return this.#index.listScopes(range, async (scope) => {
      const { threads, attachments, known } = this.#keysOf(scope)
      return isOne(await this.#connection.run('hasAny', [threads[1], attachments[1], known], []))
    })
  }

  /** Notes a scope whose entry was lost. */
  async reindex(scope: string): Promise<void> {
    await this.#index.note(scope, (await this.#dueIn(scope, '', 1)).earliest)
  }

  async ping(): Promise<void> {
    await this.#connection.call('ping')
  }

  async check(): Promise<Finding[]> {
    return survey(await this.#connection.client())
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  async #records(keys: readonly string[], range: Range, threadId: string): Promise<StoredRecord[] | undefined> {
    return this.#page(keys, range, threadId, atOnce, async (ids, found) => {
      const bodies = found ?? (await this.#connection.call('hmget', `${keys[0]}`, ...ids))
      return (bodies as unknown[]).map(toRecord)
    })
  }

  /** A row that is deleted while bodies are fetched leaves room for the next one. */
  async #page<T>(
    keys: readonly string[],
    { after, limit, order }: Range,
    threadId: string,
    most: number,
    read: (ids: readonly string[], rows: readonly unknown[] | null) => Promise<(T | undefined)[]>,
  ): Promise<T[] | undefined> {
    const found: T[] = []
    for (let from = after === null ? ['', ''] : [after, 'id']; ; ) {
      const left = Math.min(limit - found.length, longest)
      const reply = await this.#connection.run('page', keys, [left, order, ...from, most, threadId])
      if (reply === null) return undefined
      const [rows, members = []] = reply as [unknown[] | null, string[]?]
      found.push(...(await read(members.map(idOf), rows)).filter((row) => row !== undefined))
      if (members.length < left || found.length === limit) return found
      from = [members.at(-1) ?? '', 'member']
    }
  }

  async #dueIn(scope: string, before: string, limit: number): Promise<DueInScope> {
    const { moves } = this.#keysOf(scope)
    const members = (await this.#connection.call('zrange', moves[1], '-', '+', 'BYLEX', 'LIMIT', 0, limit)) as string[]
    const rows = await this.#getAttachments(scope, members.filter((member) => member < before).map(idOf))
    return {
      rows: rows.filter((row) => row !== undefined && row.due !== null && row.due < before) as KeyedAttachment[],
      earliest: members[0]?.split(' ')[0] ?? null,
    }
  }

  async #getAttachments(scope: string, ids: readonly string[]): Promise<(KeyedAttachment | undefined)[]> {
    const keys = [this.#keysOf(scope).attachments[0], this.#keysOf(scope).moves[0]]
    const found: (KeyedAttachment | undefined)[] = []
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce)
      const reply = (await this.#connection.run('getAttachments', keys, some)) as unknown[][]
      found.push(...toAttachments(scope, some, reply))
    }
    return found
  }
}
