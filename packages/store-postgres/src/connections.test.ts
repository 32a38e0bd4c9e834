import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startPostgres, startTcpProxy, type TcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { type Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connected, openDatabase, type TestDatabase } from '../test/test-database.ts'
import { PostgresStore } from './index.ts'

const scope = () => 'tenant'
const thread = { id: 't1', created_at: '2026-01-01', status: { type: 'active' as const }, metadata: {} }

await describeOn('postgres', (postgres) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openDatabase(postgres.url)
    await using store = new PostgresStore({ scope, url: database.url })
    await store.setup()
    await store.saveThread(thread, undefined)
  })
  afterAll(() => database.drop())

  describe.each(['url', 'pool without a listener', 'pool with a listener'])('connections lost, by %s', (kind) => {
    it('while idle: the process lives on, and calls are answered again', async () => {
      const process = start(kind, database.url)
      expect(await outcomes(process, 200)).toEqual(Array(200).fill('answered'))
      expect(await endOthers(database.admin)).toBe(10)
      expectEach(await outcomes(process, 20), ['answered', 'unavailable'])
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })

    it('in the middle of 200 calls: these are unavailable, and the process lives on', async () => {
      const process = start(kind, database.url)
      const locker = await connected(database.url)
      onTestFinished(() => locker.end())
      await locker.query('begin')
      await locker.query('lock table threadkeep.threads')
      const calls = outcomes(process, 200)
      while ((await waiting(database.admin)) < 10);
      await endWaiting(database.admin)
      while ((await waiting(database.admin)) < 10);
      await locker.query('commit')
      const ended = await calls
      expectEach(ended, ['answered', 'unavailable'])
      expect(ended.filter((outcome) => outcome === 'unavailable')).toHaveLength(10)
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })
  })

  describe('a client that was given', () => {
    it('is never closed, and its listeners are afterwards as they were before', async () => {
      const pool = new Pool({ connectionString: database.url })
      onTestFinished(() => pool.end())
      const [one, other] = [new PostgresStore({ scope, client: pool }), new PostgresStore({ scope, client: pool })]
      expect(pool.listenerCount('error')).toBe(1)
      await one.close()
      await one.close()
      expect(pool.listenerCount('error')).toBe(1)
      expect(await other.loadThread('t1', undefined)).toEqual(thread)
      await other.close()
      expect(pool.listenerCount('error')).toBe(0)
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    })

    it('with a listener of its own gets none of ours', async () => {
      const pool = new Pool({ connectionString: database.url }).on('error', () => {})
      onTestFinished(() => pool.end())
      await using store = new PostgresStore({ scope, client: pool })
      await store.ping()
      expect(pool.listenerCount('error')).toBe(1)
    })

    it('may be a single connection, whose loss is survived too', async () => {
      const client = await connected(database.url)
      await using store = new PostgresStore({ scope, client })
      expect(await store.loadThread('t1', undefined)).toEqual(thread)
      const lost = new Promise<void>((resolve) => client.on('end', resolve))
      await endOthers(database.admin)
      await lost
      await expect(store.loadThread('t1', undefined)).rejects.toMatchObject({ code: 'unavailable' })
    })

    it('may serve fifty stores without a warning of too many listeners', async () => {
      const pool = new Pool({ connectionString: database.url })
      onTestFinished(() => pool.end())
      const stores = Array.from(
        { length: 50 },
        (_, index) => new PostgresStore({ scope, client: pool, schema: `s${index}` }),
      )
      expect(pool.listenerCount('error')).toBe(1)
      await Promise.all(stores.map((store) => store.close()))
      expect(pool.listenerCount('error')).toBe(0)
    })
  })

  describe('close() of a store by url', () => {
    it('leaves no connection behind', async () => {
      const store = new PostgresStore({ scope, url: database.url })
      await Promise.all(Array.from({ length: 50 }, () => store.loadThread('t1', undefined)))
      expect(await ofStores(database.admin)).toBe(10)
      await store.close()
      while ((await ofStores(database.admin)) > 0);
    })

    it('lets the calls that are under way finish, also those that wait for a connection', async () => {
      const store = new PostgresStore({ scope, url: database.url })
      const calls = Array.from({ length: 50 }, () => store.loadThread('t1', undefined))
      await store.close()
      expect(await Promise.all(calls)).toEqual(Array(50).fill(thread))
    })

    it('is silent when there never was a connection', async () => {
      await new PostgresStore({ scope, url: 'postgres://127.0.0.1:1/none' }).close()
    })
  })

  describe('a server that falls silent', () => {
    let proxy: TcpProxy
    let url: string
    beforeAll(async () => {
      proxy = await startTcpProxy(new URL(database.url))
      url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href
    })
    afterAll(() => proxy.close())

    it('before it ever answers: calls end with timeout, and nothing stays open', async () => {
      proxy.lose('requests', 'replies')
      const store = new PostgresStore({ scope, url, timeoutMs: 300 })
      const calls = Array.from({ length: 30 }, () => store.loadThread('t1', undefined))
      expect(await codes(calls)).toEqual(Array(30).fill('timeout'))
      await store.close()
      await proxy.empty()
    })

    it('later: calls end with timeout, and new connections serve the next', async () => {
      proxy.lose()
      await using store = new PostgresStore({ scope, url, timeoutMs: 1_000 })
      const call = () => store.loadThread('t1', undefined)
      await Promise.all(Array.from({ length: 10 }, call))
      proxy.lose('requests', 'replies')
      expect(await codes(Array.from({ length: 10 }, call))).toEqual(Array(10).fill('timeout'))
      await proxy.empty()
      proxy.lose()
      expect(await call()).toEqual(thread)
    })
  })

  describe('what an error tells', () => {
    it('a wrong password is configuration, and no message of ours holds it', async () => {
      const url = Object.assign(new URL(database.url), { password: 'open-sesame' })
      await using store = new PostgresStore({ scope, url: url.href })
      const error = await store.loadThread('t1', undefined).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'configuration', retryable: false })
      expect(String(error)).not.toContain('open-sesame')
      expect(String(error)).not.toContain(url.host)
      expect(JSON.stringify(await store.check())).not.toContain('open-sesame')
    })

    it('an unreadable url is configuration, and the url stays hidden in the whole error', async () => {
      await using store = new PostgresStore({ scope, url: 'postgres://me:open/sesame@localhost/chat' })
      const error = await store.loadThread('t1', undefined).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'configuration' })
      expect(`${JSON.stringify(error)} ${error instanceof Error && error.cause}`).not.toContain('sesame')
    })

    it.each([
      ['a missing database', { pathname: '/nothing' }, 'configuration'],
      ['an unknown host', { hostname: 'nowhere.invalid' }, 'unavailable'],
      ['a port where nobody listens', { port: '1' }, 'unavailable'],
    ])('%s: %j is %s', async (_, wrong, code) => {
      await using store = new PostgresStore({ scope, url: Object.assign(new URL(database.url), wrong).href })
      await expect(store.ping()).rejects.toMatchObject({ code, retryable: code === 'unavailable' })
    })
  })

  it.skipIf(postgres.origin === 'environment')('a server that stops makes calls unavailable', async () => {
    const server = await startPostgres()
    onTestFinished(() => server.stop())
    await using store = new PostgresStore({ scope, url: server.url })
    await store.setup()
    await store.saveThread(thread, undefined)
    await server.stop()
    const calls = Array.from({ length: 20 }, () => store.loadThread('t1', undefined))
    expect(await codes(calls)).toEqual(Array(20).fill('unavailable'))
    await expect(store.saveThread(thread, undefined)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  })
})

/** A process that answers how its calls ended; it would end early where a lost connection ended it. */
function start(kind: string, url: string): ChildProcess {
  const child = fork(fileURLToPath(new URL('../test/answer-calls.ts', import.meta.url)), [kind, url])
  onTestFinished(async () => {
    expect(child.exitCode).toBeNull()
    const exit = once(child, 'exit')
    child.kill()
    await exit
  })
  return child
}

async function outcomes(process: ChildProcess, count: number): Promise<string[]> {
  const exited = once(process, 'exit').then(([code]) => Promise.reject(new Error(`the process ended with ${code}`)))
  process.send(count)
  const [answer] = await Promise.race([once(process, 'message'), exited])
  return answer
}

function expectEach(found: string[], allowed: string[]): void {
  expect([...new Set(found)].filter((outcome) => !allowed.includes(outcome))).toEqual([])
}

async function codes(calls: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => (result.status === 'rejected' ? result.reason.code : 'answered'))
}

const others = 'pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'

/** Ends every other connection to the database; gives how many there were. */
async function endOthers(admin: Client): Promise<number> {
  return (await admin.query(`select pg_terminate_backend(pid, 5000) from ${others}`)).rows.length
}

async function endWaiting(admin: Client): Promise<void> {
  await admin.query(`select pg_terminate_backend(pid, 5000) from ${others} and wait_event_type = 'Lock'`)
}

async function waiting(admin: Client): Promise<number> {
  return (await admin.query(`select from ${others} and wait_event_type = 'Lock'`)).rows.length
}

async function ofStores(admin: Client): Promise<number> {
  return (await admin.query(`select from ${others} and application_name = 'threadkeep'`)).rows.length
}
