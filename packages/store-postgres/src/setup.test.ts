import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describeOn } from '@threadkeep/backends/vitest'
import type { Client } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connected, createRole, dropRole, grantUse, openDatabase, type TestDatabase } from '../test/test-database.ts'
import { PostgresStore } from './index.ts'

const scope = () => 'tenant'
const thread = { id: 't1', created_at: '2026-01-01', status: { type: 'active' as const }, metadata: {} }

await describeOn('postgres', (postgres) => {
  /** A database of the test's own. */
  async function fresh(): Promise<TestDatabase> {
    const database = await openDatabase(postgres.url)
    onTestFinished(() => database.drop())
    return database
  }

  describe('setup()', () => {
    it('succeeds in 32 processes that call it at once on an empty database', { timeout: 120_000 }, async () => {
      const { url } = await fresh()
      const script = fileURLToPath(new URL('../test/set-up.ts', import.meta.url))
      const processes = Array.from({ length: 32 }, () => fork(script, [url]))
      await Promise.all(processes.map((process) => once(process, 'message')))
      const exits = processes.map((process) => once(process, 'exit'))
      for (const process of processes) process.send('go')
      expect(await Promise.all(exits)).toEqual(processes.map(() => [0, null]))
      await expectReady(url)
    })

    it('is safe twice and keeps what is stored', async () => {
      const { url } = await fresh()
      await using store = new PostgresStore({ scope, url })
      await store.setup()
      await store.saveThread(thread, undefined)
      await store.setup()
      expect(await store.loadThread('t1', undefined)).toEqual(thread)
      await expectReady(url)
    })

    it('waits for another one as long as that takes, whatever timeoutMs says', async () => {
      const { url, admin } = await fresh()
      await using store = new PostgresStore({ scope, url, timeoutMs: 1_000 })
      const other = await connected(url)
      onTestFinished(() => other.end())
      await other.query('begin')
      await other.query(store.plan())
      const waiting = store.setup()
      while (!(await isBlocked(admin, 1_200)));
      await other.query('commit')
      await waiting
      await expectReady(url)
    })
  })

  describe('before setup()', () => {
    it('every call says configuration', async () => {
      const { url } = await fresh()
      await using store = new PostgresStore({ scope, url })
      const item = {
        type: 'assistant_message' as const,
        id: 'm1',
        thread_id: 't1',
        created_at: '2026-01-01',
        content: [],
      }
      const attachment = { type: 'file' as const, id: 'a1', name: 'a.txt', mime_type: 'text/plain' }
      const calls = [
        store.loadThread('t1', undefined),
        store.saveThread(thread, undefined),
        store.deleteThread('t1', undefined),
        store.loadThreads(20, null, 'desc', undefined),
        store.loadThreadItems('t1', 'm1', 20, 'asc', undefined),
        store.addThreadItem('t1', item, undefined),
        store.saveItem('t1', item, undefined),
        store.loadItem('t1', 'm1', undefined),
        store.deleteThreadItem('t1', 'm1', undefined),
        store.saveAttachment(attachment, undefined),
        store.loadAttachment('a1', undefined),
        store.deleteAttachment('a1', undefined),
      ]
      const results = await Promise.allSettled(calls)
      expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual(
        calls.map(() => 'configuration'),
      )
    })

    it('ping() answers', async () => {
      await using store = new PostgresStore({ scope, url: (await fresh()).url })
      await store.ping()
    })
  })

  describe('plan()', () => {
    it('needs no connection', () => {
      const store = new PostgresStore({ scope, url: 'postgres://nobody@nowhere.invalid/nothing' })
      expect(store.plan()).toContain('create table "threadkeep".threads')
    })

    it('applied by hand leaves exactly what setup() leaves', async () => {
      const [byHand, bySetup] = [await fresh(), await fresh()]
      await using planned = new PostgresStore({ scope, url: byHand.url })
      await byHand.admin.query(planned.plan())
      await using store = new PostgresStore({ scope, url: bySetup.url })
      await store.setup()
      await expectReady(byHand.url)
      const made = await catalog(bySetup)
      expect(made.length).toBeGreaterThan(30)
      expect(await catalog(byHand)).toEqual(made)
    })
  })

  describe('the option schema', () => {
    it.each(['My "Schema"', "o'clock", 'x'.repeat(63), 'é😀', 'select'])('may be %j', async (schema) => {
      const { url, admin } = await fresh()
      await using store = new PostgresStore({ scope, url, schema })
      await store.setup()
      await store.setup()
      await store.saveThread(thread, undefined)
      expect(await store.loadThread('t1', undefined)).toEqual(thread)
      expect(levels(await store.check())).toMatchObject({ schema: 'ok', role: 'ok' })
      expect((await admin.query(`select from pg_namespace where nspname = $1`, [schema])).rowCount).toBe(1)
    })

    it.each(['', 'x'.repeat(64), 'é'.repeat(32), 'pg_mine', 'a\0b', '$migration$', '\ud800'])(
      'may not be %j, which Postgres could not keep',
      (schema) => {
        expect(() => new PostgresStore({ scope, url: postgres.url, schema })).toThrow(
          expect.objectContaining({ code: 'invalid_argument' }),
        )
      },
    )

    it('keeps two schemas of one database apart', async () => {
      const { url } = await fresh()
      await using one = new PostgresStore({ scope, url, schema: 'one' })
      await using other = new PostgresStore({ scope, url, schema: 'other' })
      await Promise.all([one.setup(), other.setup()])
      await one.saveThread(thread, undefined)
      await expect(other.loadThread('t1', undefined)).rejects.toMatchObject({ code: 'not_found' })
      await other.deleteThread('t1', undefined)
      expect(await one.loadThread('t1', undefined)).toEqual(thread)
    })

    it('may be a schema that an administrator made for the role', async () => {
      const database = await fresh()
      const role = await createRole(database)
      onTestFinished(() => dropRole(database, role.name))
      await database.admin.query(`create schema chat authorization ${role.name}`)
      await using store = new PostgresStore({ scope, url: role.url, schema: 'chat' })
      await store.setup()
      expect(levels(await store.check())).toMatchObject({ schema: 'ok', role: 'ok' })
    })
  })

  describe('check()', () => {
    it('before setup() says to call it', async () => {
      await using store = new PostgresStore({ scope, url: (await fresh()).url })
      const findings = await store.check()
      expect(levels(findings)).toMatchObject({ reachable: 'ok', schema: 'error' })
      expect(findings.find(({ topic }) => topic === 'schema')?.message).toBe(
        'schema threadkeep is at version 0 of 1: call setup() as a role that may create tables',
      )
    })

    it('says which grants a role lacks: all, or those to write', async () => {
      const database = await fresh()
      await using owner = new PostgresStore({ scope, url: database.url })
      await owner.setup()
      const role = await createRole(database)
      onTestFinished(() => dropRole(database, role.name))
      await using store = new PostgresStore({ scope, url: role.url })
      const grants = 'grant the role usage on schema threadkeep, and select, insert, update, delete on all its tables'
      expect(await store.check()).toContainEqual({ topic: 'role', level: 'error', message: grants })
      await database.admin.query(`grant usage on schema threadkeep to ${role.name}`)
      await database.admin.query(`grant select on all tables in schema threadkeep to ${role.name}`)
      expect(levels(await store.check())).toMatchObject({ schema: 'ok', role: 'error' })
      await grantUse(database, role.name)
      expect(levels(await store.check())).toMatchObject({ schema: 'ok', role: 'ok' })
    })

    it('says why the server cannot be used', async () => {
      const { url } = await fresh()
      const wrong = (change: Partial<URL>) => Object.assign(new URL(url), change).href
      const faults = [
        [wrong({ pathname: '/no_such_database' }), 'the database does not exist: create it'],
        [wrong({ password: 'wrong' }), 'the server refuses the login: check user and password'],
        [wrong({ port: '1' }), 'no server answers (ECONNREFUSED): check host and port, and that it runs'],
        ['postgres://user:pass/word@localhost:x/', 'the url or the TLS settings are wrong'],
      ] as const
      for (const [faulty, message] of faults) {
        await using store = new PostgresStore({ scope, url: faulty })
        expect(await store.check()).toEqual([{ topic: 'reachable', level: 'error', message }])
      }
    })
  })
})

/** A store at the URL finds nothing to complain of but a test server that need not survive a crash. */
async function expectReady(url: string): Promise<void> {
  await using store = new PostgresStore({ scope, url })
  const { persistence, ...others } = levels(await store.check())
  expect(persistence).not.toBe('error')
  expect(others).toEqual({ reachable: 'ok', schema: 'ok', role: 'ok', clock: 'ok' })
}

/** Whether a statement has been waiting for a lock for more than so many milliseconds. */
async function isBlocked(admin: Client, milliseconds: number): Promise<boolean> {
  const { rows } = await admin.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
     and clock_timestamp() - query_start > $1 * interval '1 millisecond'`,
    [milliseconds],
  )
  return rows.length > 0
}

function levels(findings: { topic: string; level: string }[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ topic, level }) => [topic, level]))
}

/** Every column, index and constraint of the schema, in words. */
async function catalog({ admin }: TestDatabase): Promise<unknown[]> {
  const { rows } = await admin.query(`
    select format('%s.%s %s %s %s', table_name, column_name, data_type, collation_name, is_nullable) as word
      from information_schema.columns where table_schema = 'threadkeep'
    union all select indexdef from pg_indexes where schemaname = 'threadkeep'
    union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'threadkeep'::regnamespace
    union all select 'version ' || version from threadkeep.migrations order by word`)
  return rows
}
