import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startOwnMongoDB, startTcpProxy, type TcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { thread } from '@threadkeep/conformance'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { dropDatabase, type Place, testDatabase, throughProxy } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const scope = () => 'tenant'

await describeOn('mongodb', (mongodb) => {
  let direct: Place
  let place: Place
  let proxy: TcpProxy
  beforeAll(async () => {
    direct = { url: mongodb.url, database: testDatabase() }
    proxy = await startTcpProxy(new URL(direct.url))
    place = throughProxy(direct, proxy)
    await using store = new MongoDBStore({ scope, ...direct })
    await store.setup()
    await store.saveThread(thread('t1'), undefined)
  })
  afterAll(async () => {
    await proxy.close()
    await dropDatabase(direct)
  })

  function opened(timeoutMs?: number): MongoDBStore {
    const store = new MongoDBStore({ scope, ...place, ...(timeoutMs !== undefined && { timeoutMs }) })
    onTestFinished(() => store.close())
    return store
  }

  function given(): MongoClient {
    const client = new MongoClient(place.url)
    onTestFinished(() => client.close())
    return client
  }

  describe.each(['url', 'client without a listener', 'client with a listener'])('connections lost, by %s', (kind) => {
    it('while idle: the process lives on, and calls are answered again', async () => {
      const process = start(kind, place)
      expect(await outcomes(process, 50)).toEqual(Array(50).fill('answered'))
      proxy.cut()
      expectEach(await outcomes(process, 20), ['answered', 'unavailable'])
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })

    it('in the middle of 200 calls: these are unavailable or sent again, and the process lives on', async () => {
      const process = start(kind, place)
      expect(await outcomes(process, 1)).toEqual(['answered'])
      proxy.lose('requests')
      const calls = outcomes(process, 200)
      await proxy.nextLoss()
      proxy.lose()
      proxy.cut()
      expectEach(await calls, ['answered', 'unavailable'])
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })
  })

  describe('a client that was given', () => {
    const database = () => place.database

    it('is never closed, and its listeners are afterwards as they were before', async () => {
      const client = given()
      const before = client.listenerCount('error')
      const stores = Array.from({ length: 50 }, () => new MongoDBStore({ scope, client, database: database() }))
      await Promise.all(stores.map((store) => store.ping()))
      const [last, ...others] = stores
      for (const store of others) await store.close()
      expect(await last?.loadThread('t1', undefined)).toEqual(thread('t1'))
      await last?.close()
      await last?.close()
      expect(client.listenerCount('error')).toBe(before)
      expect(await client.db(place.database).command({ ping: 1 })).toMatchObject({ ok: 1 })
    })

    it('may be promised', async () => {
      await using store = new MongoDBStore({ scope, client: given().connect(), database: database() })
      expect(await store.loadThread('t1', undefined)).toEqual(thread('t1'))
    })

    it('may be promised in vain: each call says so, and the process lives on', async () => {
      const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 100 })
      await using store = new MongoDBStore({ scope, client: client.connect(), database: database() })
      await once(client, 'topologyClosed')
      for (let time = 0; time < 2; time++)
        await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    })

    it('may come from a function, which is asked at each call and may give another one', async () => {
      let client = given()
      let asked = 0
      const store = new MongoDBStore({
        scope,
        database: database(),
        client: () => {
          asked += 1
          return client
        },
      })
      expect(asked).toBe(0)
      expect(await store.loadThread('t1', undefined)).toEqual(thread('t1'))
      const frozen = client
      client = given()
      await frozen.close()
      expect(await store.loadThread('t1', undefined)).toEqual(thread('t1'))
      expect(asked).toBe(2)
      await store.close()
      expect(await client.db(place.database).command({ ping: 1 })).toMatchObject({ ok: 1 })
    })
  })

  describe('close() of a store by url', () => {
    it('lets the calls that are under way finish, and leaves no connection behind', async () => {
      const store = new MongoDBStore({ scope, ...place })
      const calls = Array.from({ length: 50 }, () => store.loadThread('t1', undefined))
      await store.close()
      expect(await Promise.all(calls)).toEqual(Array(50).fill(thread('t1')))
      await proxy.empty()
    })

    it('is silent when there never was a connection', async () => {
      await new MongoDBStore({ scope, url: 'mongodb://127.0.0.1:1' }).close()
    })

    it('ends, and leaves nothing open, when the server cannot be reached', async () => {
      const store = new MongoDBStore({ scope, url: 'mongodb://127.0.0.1:1', timeoutMs: 1_000 })
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
      await store.close()
      await expect(store.ping()).rejects.toMatchObject({ code: 'configuration' })
    })
  })

  describe('a server that falls silent', () => {
    it('before it ever answers: calls end, and nothing stays open', async () => {
      proxy.lose('requests', 'replies')
      const store = new MongoDBStore({ scope, ...place, timeoutMs: 600 })
      const calls = Array.from({ length: 30 }, () => store.loadThread('t1', undefined))
      expectEach(await codes(calls), ['timeout', 'unavailable'])
      await store.close()
      await proxy.empty()
      proxy.lose()
    })

    it('later: calls end with timeout, and new connections serve the next', async () => {
      const store = opened(2_000)
      const call = () => store.loadThread('t1', undefined)
      await call()
      proxy.lose('requests', 'replies')
      expectEach(await codes(Array.from({ length: 10 }, call)), ['timeout', 'unavailable'])
      proxy.lose()
      await expect.poll(() => codes([call()])).toEqual(['answered'])
    })
  })

  describe.skipIf(mongodb.origin === 'environment')('a server of its own', () => {
    it('that is held still gives timeout, and one that stops unavailable; it serves again when it can', async () => {
      const server = await startOwnMongoDB()
      onTestFinished(() => server.stop())
      await using store = new MongoDBStore({ scope, url: server.url, timeoutMs: 2_000 })
      await store.setup()
      await store.saveThread(thread('t1'), undefined)
      await server.pause()
      expectEach(await codes([store.loadThread('t1', undefined)]), ['timeout', 'unavailable'])
      await server.resume()
      await expect.poll(() => codes([store.loadThread('t1', undefined)])).toEqual(['answered'])
      await server.kill()
      const calls = Array.from({ length: 20 }, () => store.loadThread('t1', undefined))
      expect(await codes(calls)).toEqual(Array(20).fill('unavailable'))
      await expect(store.saveThread(thread('t2'), undefined)).rejects.toMatchObject({ retryable: true })
      await server.start()
      await expect.poll(() => codes([store.loadThread('t1', undefined)])).toEqual(['answered'])
      await expect(store.loadThread('t2', undefined)).rejects.toMatchObject({ code: 'not_found' })
    }, 120_000)
  })
})

/** A process that answers how its calls ended; it would end early where a lost connection ended it. */
function start(kind: string, { url, database }: Place): ChildProcess {
  const child = fork(fileURLToPath(new URL('../test/answer-calls.ts', import.meta.url)), [kind, url, database])
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

function expectEach(found: unknown[], allowed: string[]): void {
  expect([...new Set(found)].filter((outcome) => !allowed.includes(String(outcome)))).toEqual([])
}

async function codes(calls: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => (result.status === 'rejected' ? result.reason.code : 'answered'))
}
