import { type OwnRedis, startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { message, thread } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RedisStore } from './index.ts'

const items = 200_000
const together = 1_000

await describeOn('redis', (redis) => {
  describe.skipIf(redis.origin === 'environment')('a thread of 200,000 items', () => {
    let server: OwnRedis
    let admin: Redis
    let store: RedisStore
    beforeAll(async () => {
      server = await startOwnRedis()
      admin = new Redis(server.url)
      store = new RedisStore({ scope: () => 'tenant', url: server.url })
      await store.saveThread(thread('t1'), undefined)
      for (let from = 0; from < items; from += together) {
        const ids = Array.from({ length: together }, (_, index) => `m${from + index}`)
        await Promise.all(ids.map((id) => store.addThreadItem('t1', message('t1', id), undefined)))
      }
    }, 300_000)
    afterAll(async () => {
      await store.close()
      admin.disconnect()
      await server.stop()
    })

    it('gives a page of 50 without a longer look at the others', async () => {
      expect(await during(() => store.loadThreadItems('t1', 'm100000', 50, 'desc', undefined))).toEqual({
        'eval or evalsha': 1,
        hget: 1,
        zrange: 1,
        hmget: 1,
      })
    })

    it('gives 9,999 in scripts that read ids alone, and bodies outside of them', async () => {
      expect(await during(() => store.loadThreadItems('t1', null, 9_999, 'asc', undefined))).toEqual({
        'eval or evalsha': 5,
        zrange: 5,
        hmget: 5,
      })
    })

    it('is deleted by UNLINK, and nothing is left of it', async () => {
      const deleted = await during(() => store.deleteThread('t1', undefined))
      expect(deleted).toEqual({
        'eval or evalsha': 1,
        hget: 1,
        zrange: 1,
        zrem: 1,
        hset: 1,
        zadd: 1,
        zcard: 1,
        unlink: 1,
      })
      const left = [
        'index:{all}:noted',
        'index:{all}:scopes',
        '{tenant}:known',
        '{tenant}:threads',
        '{tenant}:threads:gone',
      ]
      expect((await admin.keys('*')).sort()).toEqual(left.map((name) => `threadkeep:${name}`))
    })

    /** How often the server ran each command, in a script or not. */
    async function during(call: () => Promise<unknown>): Promise<Record<string, number>> {
      await admin.config('RESETSTAT')
      await call()
      const counts: Record<string, number> = {}
      for (const [, name = '', calls] of (await admin.info('commandstats')).matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)) {
        const shown = name.startsWith('eval') ? 'eval or evalsha' : name
        if (name !== 'info') counts[shown] = (counts[shown] ?? 0) + Number(calls)
      }
      return counts
    }
  })
})
