import { type Finding, StorageError } from '@threadkeep/core'
import { clockFinding } from '@threadkeep/core/driver'
import { classify } from './postgres-client.ts'

/**
 * Gives the schema's name back when Postgres can keep it: 1 to 63 bytes, not beginning with `pg_`. Postgres cuts longer
 * names, and two schemas would be one.
 */
export function checkSchema(schema: string): string {
  const bytes = typeof schema === 'string' ? Buffer.byteLength(schema) : 0
  if (bytes > 0 && bytes <= 63 && !/\0|^pg_|\$migration\$/.test(schema) && schema.isWellFormed()) return schema
  throw new StorageError(
    'invalid_argument',
    'option schema must be a name of 1 to 63 bytes that does not begin with pg_',
  )
}

/** The tables' names, ready for SQL. */
export interface Tables {
  readonly threads: string
  readonly deletedThreads: string
  readonly items: string
  readonly attachments: string
}

export function tablesOf(schema: string): Tables {
  const table = (name: string) => `${quoteName(schema)}.${name}`
  return {
    threads: table('threads'),
    deletedThreads: table('deleted_threads'),
    items: table('items'),
    attachments: table('attachments'),
  }
}

type Query = <T>(sql: string) => Promise<T[]>

/**
 * The migrations, oldest first; one is never changed after its release. Each is one `do` statement, because that is one
 * transaction for every client, also for those that cannot send two statements at once or hold a session. It waits for
 * whoever migrates the same schema, looks again, and does nothing when its version is there: a role that may not create
 * anything can run it too.
 */
export function migrations(schema: string): string[] {
  return versions(quoteName(schema)).map(
    (statements, index) => `do $migration$ begin
  perform pg_advisory_xact_lock(hashtextextended(${quoteText(`threadkeep:${schema}`)}, 0));
  if to_regclass(${quoteText(`${quoteName(schema)}.migrations`)}) is null then
    if not exists (select from pg_namespace where nspname = ${quoteText(schema)}) then
      create schema ${quoteName(schema)};
    end if;
    create table ${quoteName(schema)}.migrations (version integer primary key, applied_at timestamptz not null default now());
  end if;
  if not exists (select from ${quoteName(schema)}.migrations where version = ${index + 1}) then
${statements}
    insert into ${quoteName(schema)}.migrations (version) values (${index + 1});
  end if;
end $migration$`,
  )
}

/** What `check()` says of the server, the schema and the role; reads only. */
export async function survey(query: Query, schema: string): Promise<Finding[]> {
  const before = Date.now()
  const server = await query<Server>(serverSql(schema)).then(([row]) => row, unreachable)
  if (!server) return []
  if ('topic' in server) return [server]
  const clock = clockFinding(server.now, before, Date.now())
  const [applied] = server.readable ? await query<{ version: number }>(appliedSql(schema)) : []
  return [
    server.standby
      ? finding('reachable', 'error', `Postgres ${server.version} is a standby: connect to the primary`)
      : finding('reachable', 'ok', `Postgres ${server.version}`),
    ...(applied || !server.migrated ? [schemaFinding(schema, applied?.version ?? 0)] : []),
    ...(server.migrated ? [roleFinding(schema, server)] : []),
    server.durable
      ? finding('persistence', 'ok', 'what is acknowledged survives a crash')
      : finding('persistence', 'warning', 'fsync or synchronous_commit is off: a crash may lose messages'),
    clock,
  ]
}

interface Server {
  readonly version: string
  readonly standby: boolean
  readonly durable: boolean
  /** Whether somebody called `setup()`. */
  readonly migrated: boolean
  /** Whether the role may see which version. */
  readonly readable: boolean
  /** Whether the role may do everything that a store does. */
  readonly allowed: boolean
  /** In milliseconds since 1970. */
  readonly now: number
}

/** Asks the catalogs, which every role may read; a table's name alone is refused to a role that may not use its schema. */
function serverSql(schema: string): string {
  const may = (privilege: string) => `has_table_privilege(class.oid, '${privilege}')`
  const all = ['select', 'insert', 'update', 'delete'].map(may).join(' and ')
  return `with tables as (
      select relname as name, has_schema_privilege(space.oid, 'usage') and ${may('select')} as readable,
        has_schema_privilege(space.oid, 'usage') and ${all} as writable
      from pg_class class join pg_namespace space on space.oid = relnamespace and nspname = ${quoteText(schema)}
      where relname in ('migrations', 'threads', 'deleted_threads', 'items', 'attachments')
    )
    select current_setting('server_version') as version, pg_is_in_recovery() as standby,
      current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable,
      exists (select from tables where name = 'migrations') as migrated,
      exists (select from tables where name = 'migrations' and readable) as readable,
      (select bool_and(readable and (writable or name = 'migrations')) from tables) as allowed,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now`
}

function appliedSql(schema: string): string {
  return `select max(version) as version from ${quoteName(schema)}.migrations`
}

/** What `check()` says of a server that did not answer as asked. */
function unreachable(error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '3D000') return finding('reachable', 'error', 'the database does not exist: create it')
  if (code.startsWith('28'))
    return finding('reachable', 'error', 'the server refuses the login: check user and password')
  if (classify(error) === 'configuration') return finding('reachable', 'error', 'the url or the TLS settings are wrong')
  if (classify(error) !== 'unavailable') throw error
  return finding(
    'reachable',
    'error',
    `no server answers${code && ` (${code})`}: check host and port, and that it runs`,
  )
}

function schemaFinding(schema: string, applied: number): Finding {
  const needed = migrations(schema).length
  const found = `schema ${schema} is at version ${applied} of ${needed}`
  if (applied < needed) return finding('schema', 'error', `${found}: call setup() as a role that may create tables`)
  if (applied > needed) return finding('schema', 'warning', `${found}: update @threadkeep/store-postgres`)
  return finding('schema', 'ok', found)
}

function roleFinding(schema: string, { allowed }: Server): Finding {
  if (allowed) return finding('role', 'ok', 'the role may read and write the tables')
  const missing = `usage on schema ${schema}, and select, insert, update, delete on all its tables`
  return finding('role', 'error', `grant the role ${missing}`)
}

function finding(topic: string, level: Finding['level'], message: string): Finding {
  return { topic, level, message }
}

/** An SQL identifier, exactly as given. */
function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * `collate "C"` makes order and equality those of bytes, whatever the database's own collation. A deleted item keeps its
 * row without a body, so that its id goes on as a cursor; a deleted thread leaves its place in a table of its own.
 *
 * Rows are found by their key through the columns, and lists through `|| ''`, which no key has: so each statement has one
 * index that it can use, and reads no more than it must whatever Postgres believes of a tenant. Statistics do not know one
 * that has just come, and of two indexes that seem to find one row each Postgres may take the one that finds all.
 */
function versions(s: string): string[] {
  return [
    `    create table ${s}.threads (
      scope text collate "C" not null,
      id text collate "C" not null,
      position text collate "C" not null,
      body text not null,
      primary key (scope, id)
    );
    create index threads_in_order on ${s}.threads ((scope || ''), position);
    create table ${s}.deleted_threads (
      scope text collate "C" not null,
      id text collate "C" not null,
      position text collate "C" not null,
      deleted_at timestamptz not null,
      primary key (scope, id)
    );
    create index deleted_threads_by_age on ${s}.deleted_threads ((scope || ''), deleted_at);
    create table ${s}.items (
      scope text collate "C" not null,
      thread_id text collate "C" not null,
      id text collate "C" not null,
      position text collate "C" not null,
      body text,
      deleted_at timestamptz,
      primary key (scope, thread_id, id),
      foreign key (scope, thread_id) references ${s}.threads (scope, id) on delete cascade
    );
    create index items_in_order on ${s}.items ((scope || ''), (thread_id || ''), position) where deleted_at is null;
    create index deleted_items_by_age on ${s}.items ((scope || ''), (thread_id || ''), deleted_at)
      where deleted_at is not null;
    create table ${s}.attachments (
      scope text collate "C" not null,
      id text collate "C" not null,
      position text collate "C" not null,
      body text not null,
      state text not null,
      revision integer not null,
      due text collate "C",
      thread_id text collate "C",
      primary key (scope, id)
    );
    create index attachments_in_order on ${s}.attachments ((scope || ''), position);
    create index attachments_of_thread on ${s}.attachments ((scope || ''), (thread_id || '')) where thread_id is not null;
    create index attachments_due on ${s}.attachments (due) where due is not null;`,
  ]
}
