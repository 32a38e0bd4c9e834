import { DatabaseSync } from 'node:sqlite'
import type { ErrorCode, Finding } from '@threadkeep/core'
import type * as Driver from '@threadkeep/core/driver'
import { schema } from './schema.ts'

/** Every method is one statement, and SQLite makes each statement a transaction. */
export class SqliteDriver implements Driver.StoreDriver {
  readonly name = 'sqlite'
  readonly #database: DatabaseSync

  // #region run
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { open: false, timeout: 5_000 })
  }

  /** Opens the file at the first call, so that whatever is wrong with it goes through `classify`. */
  #run<T>(sql: string, values: object = {}): T[] {
    if (!this.#database.isOpen) this.#database.open()
    const statement = this.#database.prepare(sql)
    statement.setAllowUnknownNamedParameters(true)
    const rows: unknown[] = statement.all({ ...values })
    return rows as T[]
  }
  // #endregion

  async getThread(key: Driver.ThreadKey): Promise<Driver.StoredRecord | undefined> {
    const sql = 'select position, body from threads where scope = :scope and id = :threadId'
    return this.#run<Driver.StoredRecord>(sql, key)[0]
  }

  async putThread(key: Driver.ThreadKey, record: Driver.StoredRecord): Promise<void> {
    const sql = `insert into threads values (:scope, :threadId, :position, :body)
      on conflict do update set body = excluded.body`
    this.#run(sql, { ...key, ...record })
  }

  async deleteThread(key: Driver.ThreadKey): Promise<void> {
    this.#run('delete from threads where scope = :scope and id = :threadId', key)
  }

  async getItem(key: Driver.ItemKey): Promise<Driver.StoredRecord | undefined> {
    const sql = `select position, body from items
      where scope = :scope and thread_id = :threadId and id = :itemId and deleted_at is null`
    return this.#run<Driver.StoredRecord>(sql, key)[0]
  }

  // #region putItem
  async putItem(key: Driver.ItemKey, record: Driver.StoredRecord): Promise<boolean> {
    const sql = `insert into items (scope, thread_id, id, position, body)
      select scope, id, :itemId, :position, :body from threads where scope = :scope and id = :threadId
      on conflict do update set body = excluded.body, deleted_at = null,
        position = iif(deleted_at is null, items.position, excluded.position) returning id`
    return this.#run(sql, { ...key, ...record }).length === 1
  }
  // #endregion

  async deleteItem(key: Driver.ItemKey): Promise<void> {
    const sql = `update items set body = '', deleted_at = unixepoch()
      where scope = :scope and thread_id = :threadId and id = :itemId and deleted_at is null`
    this.#run(sql, key)
  }

  async listThreads(scope: string, range: Driver.Range): Promise<Driver.StoredRecord[] | undefined> {
    const live = 'from threads where scope = :scope'
    const place = `coalesce((select position ${live} and id = :after),
      (select position from deleted_threads where scope = :scope and id = :after))`
    return this.#page({ columns: row, live, place }, { scope }, range)
  }

  async listAttachments(scope: string, range: Driver.Range): Promise<Driver.KeyedAttachment[] | undefined> {
    const live = 'from attachments where scope = :scope'
    return this.#page({ columns: fullRow, live, place: `(select position ${live} and id = :after)` }, { scope }, range)
  }

  // #region page
  async listItems(key: Driver.ThreadKey, range: Driver.Range): Promise<Driver.StoredRecord[] | undefined> {
    const all = 'from items where scope = :scope and thread_id = :threadId'
    const place = `(select position ${all} and id = :after)`
    const owner = 'exists (select 1 from threads where scope = :scope and id = :threadId)'
    return this.#page({ columns: row, live: `${all} and deleted_at is null`, place, owner }, key, range)
  }

  /** A page, and a row without position instead when the cursor has no place: both in one statement. */
  #page<T extends Driver.StoredRecord>(list: List, key: object, range: Driver.Range): T[] | undefined {
    const { columns, live, place, owner = 'true' } = list
    const beyond = `and position ${range.order === 'asc' ? '>' : '<'} (select place from cursor)`
    const unresolved = `union all select ${columns.map(() => 'null')} from cursor where place is null and ${owner}`
    const sql = `with cursor (place) as (select ${place})
      select ${columns} ${live} ${range.after === null ? '' : `${beyond} ${unresolved}`}
      order by position ${range.order} limit :limit`
    const rows = this.#run<T>(sql, { ...key, ...range })
    return rows[0]?.position === null ? undefined : rows
  }
  // #endregion

  async getAttachment(key: Driver.AttachmentKey): Promise<Driver.AttachmentRecord | undefined> {
    const sql = `select ${fullRow} from attachments where scope = :scope and id = :attachmentId`
    return this.#run<Driver.AttachmentRecord>(sql, key)[0]
  }

  async putAttachment(key: Driver.AttachmentKey, record: Driver.AttachmentRecord): Promise<void> {
    const sql = `insert into attachments
      values (:scope, :attachmentId, :position, :body, :state, :revision, :due, :threadId)
      on conflict do update set body = excluded.body`
    this.#run(sql, { ...key, ...record })
  }

  async moveAttachment(key: Driver.AttachmentKey, revision: number, move: Driver.AttachmentMove): Promise<boolean> {
    const sql = `update attachments set state = :state, due = :due, thread_id = :threadId, revision = revision + 1
      where scope = :scope and id = :attachmentId and revision = :revision returning id`
    return this.#run(sql, { ...key, ...move, revision }).length === 1
  }

  async deleteAttachment(key: Driver.AttachmentKey): Promise<void> {
    this.#run('delete from attachments where scope = :scope and id = :attachmentId', key)
  }

  async releaseAttachments(key: Driver.ThreadKey, due: string): Promise<void> {
    const sql = `update attachments set due = :due, revision = revision + 1
      where scope = :scope and thread_id = :threadId`
    this.#run(sql, { ...key, due })
  }

  async listDue(before: string, limit: number): Promise<Driver.KeyedAttachment[]> {
    return this.#run(`select ${fullRow} from attachments where due < :before order by due limit :limit`, {
      before,
      limit,
    })
  }

  async listScopes({ after, limit }: Driver.ScopeRange): Promise<string[]> {
    const sql = `select scope from threads where scope > :after union select scope from attachments
      where scope > :after order by scope limit :limit`
    return this.#run<{ scope: string }>(sql, { after: after ?? '', limit }).map(({ scope }) => scope)
  }

  async setup(): Promise<void> {
    for (const statement of schema) this.#run(statement)
  }

  async ping(): Promise<void> {
    this.#run('select 1')
  }

  async check(): Promise<Finding[]> {
    const { length } = this.#run("select name from sqlite_schema where type = 'table' and name in ('threads', 'items')")
    if (length === 2) return [{ topic: 'schema', level: 'ok', message: 'the tables are there' }]
    return [{ topic: 'schema', level: 'error', message: 'tables are missing: call setup()' }]
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  /** By SQLite's own codes, https://sqlite.org/rescode.html: the lowest byte is the kind. */
  classify(error: unknown): ErrorCode | undefined {
    if (!(error instanceof Error && 'errcode' in error)) return undefined
    return /no such table/.test(error.message) ? 'configuration' : codes[Number(error.errcode) & 0xff]
  }
}

const codes: Partial<Record<number, ErrorCode>> = {
  5: 'unavailable', // busy
  8: 'configuration', // read-only
  10: 'unavailable', // input or output
  13: 'unavailable', // full
  14: 'configuration', // cannot be opened
  18: 'too_large',
  26: 'configuration', // not a database
}

const row = ['position', 'body']
const fullRow = ['scope', 'id as "attachmentId"', ...row, 'state', 'revision', 'due', 'thread_id as "threadId"']

interface List {
  readonly columns: readonly string[]
  /** The rows that are seen. */
  readonly live: string
  /** The position of the cursor's row, also of a deleted one. */
  readonly place: string
  /** What must exist for a cursor to be wrong. Default: nothing. */
  readonly owner?: string
}
