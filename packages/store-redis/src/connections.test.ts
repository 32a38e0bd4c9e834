import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startOwnRedis, startTcpProxy, type TcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { thread } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { clientOf, removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'

const scope = () => 'tenant'
const prefix = testPrefix()

await describeOn('redis', (redis) => {
  let proxy: TcpProxy
  let url: string
  beforeAll(async () => {
    proxy = await startTcpProxy(new URL(redis.url))
    url = Object.assign(new URL(redis.url), { host: `127.0.0.1:${proxy.port}` }).href
    await using store = new RedisStore({ scope, url, prefix })
    await store.saveThread(thread('t1'), undefined)
  })
  afterAll(async () => {
    await proxy.close()
    const client = clientOf(redis.url)
    await removeKeys(client, prefix)
    client.disconnect()
  })

  function opened(timeoutMs?: number): RedisStore {
    const store = new RedisStore({ scope, url, prefix, ...(timeoutMs !== undefined && { timeoutMs }) })
    onTestFinished(() => store.close())
    return store
  }

  describe.each(['url', 'Redis without a listener', 'Redis with a listener'])('connections lost, by %s', (kind) => {
    it('while idle: the process lives on, and calls are answered again', async () => {
      const process = start(kind, url)
      expect(await outcomes(process, 200)).toEqual(Array(200).fill('answered'))
      proxy.cut()
      expectEach(await outcomes(process, 20), ['answered', 'unavailable'])
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })

    it('in the middle of 1,000 calls: these are unavailable or sent again, and the process lives on', async () => {
      const process = start(kind, url)
      expect(await outcomes(process, 1)).toEqual(['answered'])
      proxy.lose('requests')
      const calls = outcomes(process, 1_000)
      await proxy.nextLoss()
      proxy.lose()
      proxy.cut()
      expect(await calls).toEqual(Array(1_000).fill(kind === 'url' ? 'unavailable' : 'answered'))
      expect(await outcomes(process, 20)).toEqual(Array(20).fill('answered'))
    })
  })

  describe('a client that was given', () => {
    function given(): Redis {
      const client = new Redis(url)
      onTestFinished(() => client.disconnect())
      return client
    }

    it('is never closed, and its listeners are afterwards as they were before', async () => {
      const client = given()
      const before = listeners(client)
      const [one, other] = [new RedisStore({ scope, client, prefix }), new RedisStore({ scope, client, prefix })]
      expect(client.listenerCount('error')).toBe(1)
      await one.close()
      await one.close()
      expect(client.listenerCount('error')).toBe(1)
      expect(await other.loadThread('t1', undefined)).toEqual(thread('t1'))
      await other.close()
      expect(listeners(client)).toEqual(before)
      expect(await client.ping()).toBe('PONG')
    })

    it('with a listener of its own gets none of ours', async () => {
      const client = given().on('error', () => {})
      await using store = new RedisStore({ scope, client, prefix })
      await store.ping()
      expect(client.listenerCount('error')).toBe(1)
    })

    it('may serve fifty stores without a warning of too many listeners', async () => {
      const client = given()
      const stores = Array.from({ length: 50 }, (_, index) => new RedisStore({ scope, client, prefix: `p${index}` }))
      await Promise.all(stores.map((store) => store.ping()))
      expect(client.listenerCount('error')).toBe(1)
      await Promise.all(stores.map((store) => store.close()))
      expect(client.listenerCount('error')).toBe(0)
    })

    it('that is closed by its owner makes calls unavailable', async () => {
      const client = given()
      await using store = new RedisStore({ scope, client, prefix })
      await client.quit()
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    })
  })

  describe('close() of a store by url', () => {
    it('lets the calls that are under way finish, and leaves no connection behind', async () => {
      const store = new RedisStore({ scope, url, prefix })
      const calls = Array.from({ length: 50 }, () => store.loadThread('t1', undefined))
      await store.close()
      expect(await Promise.all(calls)).toEqual(Array(50).fill(thread('t1')))
      await proxy.empty()
    })

    it('is silent when there never was a connection', async () => {
      await new RedisStore({ scope, url: 'redis://127.0.0.1:1' }).close()
    })

    it('ends, and leaves nothing open, when the server cannot be reached', async () => {
      const store = new RedisStore({ scope, url: 'redis://127.0.0.1:1' })
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
      await store.close()
      await expect(store.ping()).rejects.toMatchObject({ code: 'configuration' })
    })
  })

  describe('a server that falls silent', () => {
    it('before it ever answers: calls end with timeout, and nothing stays open', async () => {
      proxy.lose('requests', 'replies')
      const store = new RedisStore({ scope, url, prefix, timeoutMs: 300 })
      const calls = Array.from({ length: 30 }, () => store.loadThread('t1', undefined))
      expect(await codes(calls)).toEqual(Array(30).fill('timeout'))
      await store.close()
      await proxy.empty()
      proxy.lose()
    })

    it('later: calls end with timeout, and a new connection serves the next', async () => {
      const store = opened(1_000)
      const call = () => store.loadThread('t1', undefined)
      await call()
      proxy.lose('requests', 'replies')
      expect(await codes(Array.from({ length: 10 }, call))).toEqual(Array(10).fill('timeout'))
      await proxy.empty()
      proxy.lose()
      expectEach(await codes([call()]), ['answered', 'unavailable'])
      expect(await call()).toEqual(thread('t1'))
    })
  })

  describe.skipIf(redis.origin === 'environment')('a server that', () => {
    it('is held still gives timeout, and answers when it goes on', async () => {
      const server = await startOwnRedis()
      onTestFinished(() => server.stop())
      await using store = new RedisStore({ scope, url: server.url, timeoutMs: 300 })
      await store.saveThread(thread('t1'), undefined)
      await server.pause()
      expect(await codes([store.loadThread('t1', undefined)])).toEqual(['timeout'])
      await server.resume()
      const lasting = new RedisStore({ scope, url: server.url })
      onTestFinished(() => lasting.close())
      expect(await lasting.loadThread('t1', undefined)).toEqual(thread('t1'))
    })

    it.each(['url', 'client'])(
      'stops makes calls unavailable, and serves the next when it starts again, by %s',
      async (kind) => {
        const server = await startOwnRedis({ appendonly: 'yes', appendfsync: 'always' })
        onTestFinished(() => server.stop())
        const client = new Redis(server.url, { maxRetriesPerRequest: 0, lazyConnect: true })
        onTestFinished(() => client.disconnect())
        await using store = new RedisStore({ scope, ...(kind === 'url' ? { url: server.url } : { client }) })
        await store.saveThread(thread('t1'), undefined)
        await server.kill()
        const calls = Array.from({ length: 20 }, () => store.loadThread('t1', undefined))
        expect(await codes(calls)).toEqual(Array(20).fill('unavailable'))
        await expect(store.saveThread(thread('t2'), undefined)).rejects.toMatchObject({ retryable: true })
        await server.start()
        expect(await store.loadThread('t1', undefined)).toEqual(thread('t1'))
        await expect(store.loadThread('t2', undefined)).rejects.toMatchObject({ code: 'not_found' })
      },
    )
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

function expectEach(found: unknown[], allowed: string[]): void {
  expect([...new Set(found)].filter((outcome) => !allowed.includes(String(outcome)))).toEqual([])
}

async function codes(calls: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => (result.status === 'rejected' ? result.reason.code : 'answered'))
}

function listeners(client: Redis): Map<unknown, number> {
  return new Map(client.eventNames().map((name) => [name, client.listenerCount(name)]))
}
