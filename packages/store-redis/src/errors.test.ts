import { inspect } from 'node:util'
import { startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { thread } from '@threadkeep/conformance'
import { StorageError } from '@threadkeep/core'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RedisStore } from './index.ts'

const scope = () => 'tenant'

describe('options', () => {
  it.each([
    ['neither a client nor a url', {}],
    ['both', { url: 'redis://127.0.0.1', client: new Redis({ lazyConnect: true }) }],
    ['a url of something else', { url: 'https://me:open-sesame@127.0.0.1' }],
    ['an unreadable url', { url: 'redis://me:open/sesame@127.0.0.1:x/chat' }],
    ['a url without its scheme', { url: 'me:open-sesame@127.0.0.1' }],
  ])('%s is configuration, and the url stays hidden in the whole error', (_, source) => {
    const error = errorOf(() => new RedisStore({ scope, ...source }))
    expect(error).toMatchObject({ code: 'configuration', retryable: false })
    expect(inspect(error)).not.toContain('sesame')
  })

  it('a prefix that is none is invalid_argument', () => {
    const error = errorOf(() => new RedisStore({ scope, url: 'redis://127.0.0.1', prefix: '{a}' }))
    expect(error).toMatchObject({ code: 'invalid_argument' })
  })
})

await describeOn('redis', (redis) => {
  it.each([
    ['an unknown host', { hostname: 'nowhere.invalid' }],
    ['a port where nobody listens', { port: '1' }],
  ])('%s is unavailable', async (_, wrong) => {
    await using store = new RedisStore({ scope, url: Object.assign(new URL(redis.url), wrong).href })
    for (let time = 0; time < 3; time++) {
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    }
    expect(await store.check()).toMatchObject([{ topic: 'reachable', level: 'error' }])
  })

  describe.skipIf(redis.origin === 'environment')('a server with passwords', () => {
    it('a wrong one is configuration each time, and no message holds it', async () => {
      const { url, admin } = await guarded()
      for (const password of ['open-sesame', '']) {
        await using store = new RedisStore({ scope, url: Object.assign(new URL(url), { password }).href })
        for (let time = 0; time < 6; time++) {
          const error = await store.loadThread('t1', undefined).catch((reason: unknown) => reason)
          expect(error).toMatchObject({ code: 'configuration', retryable: false })
          expect(String(error)).not.toContain('open-sesame')
          expect(String(error)).not.toContain(new URL(url).host)
        }
        await expect(store.check()).rejects.toMatchObject({ code: 'configuration' })
      }
      await using store = new RedisStore({ scope, url: Object.assign(new URL(url), { password: 'right' }).href })
      await store.saveThread(thread('t1'), undefined)
      expect(await admin.exists('threadkeep:{tenant}:threads')).toBe(1)
    })

    it('a user who may not write is told configuration, and reads', async () => {
      const { url, admin } = await guarded()
      await admin.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@read', '+@connection')
      const login = { username: 'reader', password: 'secret' }
      await using store = new RedisStore({ scope, url: Object.assign(new URL(url), login).href })
      await expect(store.saveThread(thread('t1'), undefined)).rejects.toMatchObject({ code: 'configuration' })
      await expect(store.loadThread('t1', undefined)).rejects.toMatchObject({ code: 'not_found' })
    })
  })
})

await describeOn('redisCluster', (cluster) => {
  it('a node of a cluster, given as if it were alone, is configuration, and check() says what to give', async () => {
    const [url = ''] = cluster.url.split(',')
    await using store = new RedisStore({ scope: (tenant: string) => tenant, url })
    const tenants = Array.from({ length: 50 }, (_, index) => `tenant ${index}`)
    const errors = await Promise.all(
      tenants.map((tenant) => store.loadThread('t1', tenant).catch((error) => error.code)),
    )
    expect([...new Set(errors)].sort()).toEqual(['configuration', 'not_found'])
    expect(await store.check()).toContainEqual({
      topic: 'cluster',
      level: 'error',
      message: expect.stringContaining('Cluster of ioredis'),
    })
  })
})

/** A server that asks for the password `right`, and a connection that may do everything. */
async function guarded(): Promise<{ url: string; admin: Redis }> {
  const server = await startOwnRedis()
  onTestFinished(() => server.stop())
  const admin = new Redis(server.url)
  onTestFinished(() => admin.disconnect())
  await admin.config('SET', 'requirepass', 'right')
  return { url: server.url, admin }
}

function errorOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(StorageError)
    return error
  }
  throw new Error('nothing was thrown')
}
