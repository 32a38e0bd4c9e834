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
import { migrations, survey, type Tables, tablesOf } from './migrations.ts'
import { type Connection, classify } from './postgres-client.ts'
import { inScope, inThread, type List, pageSql, prune } from './queries.ts'

/**
 * Every method is one statement that commits by itself. Rows are only ever locked in this order: the thread, its items,
 * and old tombstones that nobody else holds (`skip locked`); attachments by their ids. So statements cannot deadlock.
 */
export class PostgresDriver implements StoreDriver {
  readonly name = 'postgres'
  readonly classify: typeof classify = classify
  readonly #connection: Connection
  readonly #schema: string
  readonly #tables: Tables

  constructor(connection: Connection, schema: string) {
    this.#connection = connection
    this.#schema = schema
    this.#tables = tablesOf(schema)
  }

  async getThread({ scope, threadId }: ThreadKey): Promise<StoredRecord | undefined> {
    const sql = `select position, body from ${this.#tables.threads} where scope = $1 and id = $2`
    return (await this.#query<StoredRecord>(sql, [scope, threadId]))[0]
  }

  async putThread({ scope, threadId }: ThreadKey, { position, body }: StoredRecord): Promise<void> {
    const sql = `insert into ${this.#tables.threads} (scope, id, position, body) values ($1, $2, $3, $4)
      on conflict (scope, id) do update set body = excluded.body`
    await this.#query(sql, [scope, threadId, position, body])
  }

  async deleteThread({ scope, threadId }: ThreadKey): Promise<void> {
    const sql = `with thread as (delete from ${this.#tables.threads} where scope = $1 and id = $2 returning *), gone as (
        insert into ${this.#tables.deletedThreads} (scope, id, position, deleted_at) select scope, id, position, now() from thread
        on conflict (scope, id) do update set position = excluded.position, deleted_at = excluded.deleted_at returning id
      )
      ${prune(this.#tables.deletedThreads, inScope)}`
    await this.#query(sql, [scope, threadId])
  }

  async listThreads(scope: string, range: Range): Promise<StoredRecord[] | undefined> {
    const live = `from ${this.#tables.threads} where ${inScope}`
    const place = (
      id: string,
    ) => `coalesce((select position from ${this.#tables.threads} where scope = $1 and id = ${id}),
        (select position from ${this.#tables.deletedThreads} where scope = $1 and id = ${id}))`
    return this.#page({ columns: record, live, place }, [scope], range)
  }

  async getItem({ scope, threadId, itemId }: ItemKey): Promise<StoredRecord | undefined> {
    const sql = `select position, body from ${this.#tables.items}
      where scope = $1 and thread_id = $2 and id = $3 and body is not null`
    return (await this.#query<StoredRecord>(sql, [scope, threadId, itemId]))[0]
  }

  /** The foreign key refuses an item of a missing thread, which `classify` calls `not_found`: asking first costs half again. */
  async putItem({ scope, threadId, itemId }: ItemKey, { position, body }: StoredRecord): Promise<boolean> {
    const sql = `insert into ${this.#tables.items} as known (scope, thread_id, id, position, body) values ($1, $2, $3, $4, $5)
      on conflict (scope, thread_id, id) do update set body = excluded.body, deleted_at = null,
        position = case when known.deleted_at is null then known.position else excluded.position end`
    await this.#query(sql, [scope, threadId, itemId, position, body])
    return true
  }

  async deleteItem({ scope, threadId, itemId }: ItemKey): Promise<void> {
    const sql = `with gone as (update ${this.#tables.items} set body = null, deleted_at = now()
        where scope = $1 and thread_id = $2 and id = $3 and body is not null returning id)
      ${prune(this.#tables.items, inThread)}`
    await this.#query(sql, [scope, threadId, itemId])
  }

  async listItems({ scope, threadId }: ThreadKey, range: Range): Promise<StoredRecord[] | undefined> {
    const live = `from ${this.#tables.items} where ${inThread} and deleted_at is null`
    const place = (id: string) =>
      `(select position from ${this.#tables.items} where scope = $1 and thread_id = $2 and id = ${id})`
    const owner = `(select id from ${this.#tables.threads} where scope = $1 and id = $2) is not null`
    return this.#page({ columns: record, live, place, owner }, [scope, threadId], range)
  }

  async getAttachment({ scope, attachmentId }: AttachmentKey): Promise<AttachmentRecord | undefined> {
    const sql = `select ${attachment} from ${this.#tables.attachments} where scope = $1 and id = $2`
    return (await this.#query<AttachmentRecord>(sql, [scope, attachmentId]))[0]
  }

  async putAttachment({ scope, attachmentId }: AttachmentKey, record: AttachmentRecord): Promise<void> {
    const { position, body, state, revision, due, threadId } = record
    const sql = `insert into ${this.#tables.attachments} (scope, id, position, body, state, revision, due, thread_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (scope, id) do update set body = excluded.body`
    await this.#query(sql, [scope, attachmentId, position, body, state, revision, due, threadId])
  }

  async moveAttachment(key: AttachmentKey, revision: number, move: AttachmentMove): Promise<boolean> {
    const values = [key.scope, key.attachmentId, revision, move.state, move.due, move.threadId]
    const sql = `update ${this.#tables.attachments} set state = $4, due = $5, thread_id = $6, revision = revision + 1
      where scope = $1 and id = $2 and revision = $3 returning revision`
    return (await this.#query(sql, values)).length === 1
  }

  async deleteAttachment({ scope, attachmentId }: AttachmentKey): Promise<void> {
    await this.#query(`delete from ${this.#tables.attachments} where scope = $1 and id = $2`, [scope, attachmentId])
  }

  /** Locks by counting: a join by id would compare every two rows while statistics do not know the tenant yet. */
  async releaseAttachments({ scope, threadId }: ThreadKey, due: string): Promise<void> {
    const bound = `${inThread} and thread_id is not null`
    const sql = `with locked as (
        select count(*) from (select from ${this.#tables.attachments} where ${bound} order by id for update) as each
      )
      update ${this.#tables.attachments} set due = $3, revision = revision + 1 from locked where ${bound}`
    await this.#query(sql, [scope, threadId, due])
  }

  async listAttachments(scope: string, range: Range): Promise<KeyedAttachment[] | undefined> {
    const live = `from ${this.#tables.attachments} where ${inScope}`
    const place = (id: string) => `(select position from ${this.#tables.attachments} where scope = $1 and id = ${id})`
    return this.#page({ columns: attachment, live, place }, [scope], range)
  }

  async listDue(before: string, limit: number): Promise<KeyedAttachment[]> {
    const sql = `select ${attachment} from ${this.#tables.attachments} where due < $1 order by due limit (select $2::integer)`
    return this.#query(sql, [before, limit])
  }

  /** Jumps from one scope to the next in the indexes, however many rows each has. */
  async listScopes({ after, limit }: ScopeRange): Promise<string[]> {
    const next = (scope: string) => `least((select min(scope) from ${this.#tables.threads} where scope > ${scope}),
      (select min(scope) from ${this.#tables.attachments} where scope > ${scope}))`
    const sql = `with recursive scopes (scope) as (
        select ${next('$1')} union all select ${next('scopes.scope')} from scopes where scopes.scope is not null
      ) select scope from scopes where scope is not null limit $2`
    return (await this.#query<{ scope: string }>(sql, [after ?? '', limit])).map(({ scope }) => scope)
  }

  async setup(): Promise<void> {
    for (const migration of migrations(this.#schema)) await this.#connection.migrate(migration)
  }

  async ping(): Promise<void> {
    await this.#query('select 1', [])
  }

  async check(): Promise<Finding[]> {
    return survey((sql) => this.#query(sql, []), this.#schema)
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  async #query<T>(sql: string, values: unknown[]): Promise<T[]> {
    return (await this.#connection.query(sql, values)).rows as T[]
  }

  async #page<T extends StoredRecord>(list: List, keys: unknown[], range: Range): Promise<T[] | undefined> {
    const values = range.after === null ? [...keys, range.limit] : [...keys, range.limit, range.after]
    const rows = await this.#query<T>(pageSql(list, keys.length, range), values)
    return rows[0]?.position === null ? undefined : rows
  }
}

const record = ['position', 'body']
const attachment = ['scope', 'id as "attachmentId"', ...record, 'state', 'revision', 'due', 'thread_id as "threadId"']
