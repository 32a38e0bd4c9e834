import { startRedisSentinel } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { message, thread } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { expect, it, onTestFinished } from 'vitest'
import { RedisStore } from './index.ts'

await describeOn('redis', (redis) => {
  it.skipIf(redis.origin === 'environment')(
    'a failover loses no write that the replica had',
    { timeout: 90_000 },
    async () => {
      const { sentinels, name, url, killMaster, waitForNewMaster, stop } = await startRedisSentinel()
      onTestFinished(stop)
      const client = new Redis({
        sentinels: [...sentinels],
        name,
        retryStrategy: (attempt) => Math.min(attempt * 50, 500),
      })
      onTestFinished(() => client.disconnect())
      await using store = new RedisStore({ client, scope: () => 'tenant', timeoutMs: 30_000 })
      const listeners = client.listenerCount('error')
      await store.saveThread(thread('t1'), undefined)
      const acknowledged: string[] = []
      const errors: unknown[] = []
      const write = async (id: string) => {
        try {
          await store.addThreadItem('t1', message('t1', id), undefined)
          acknowledged.push(id)
        } catch (error) {
          errors.push(error)
        }
      }
      const burst = (name: string) => Array.from({ length: 200 }, (_, index) => write(`${name} ${index}`))

      await Promise.all(burst('kept'))
      expect(await client.wait(1, 30_000)).toBe(1)
      const [kept, meanwhile] = [[...acknowledged], burst('meanwhile')]
      await killMaster()
      await Promise.all(burst('late'))
      const master = await waitForNewMaster()
      await Promise.all(meanwhile)
      await Promise.all(burst('after'))

      expect(master).not.toBe(url)
      expect(await store.check()).toContainEqual(expect.objectContaining({ topic: 'reachable', level: 'ok' }))
      for (const error of errors)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(unavailable|timeout)$/) })
      const { data } = await store.loadThreadItems('t1', null, 9_999, 'asc', undefined)
      const found = data.map(({ id }) => id)
      expect(kept).toHaveLength(200)
      expect(kept.filter((id) => !found.includes(id))).toEqual([])
      expect(acknowledged.filter((id) => id.startsWith('after'))).toHaveLength(200)
      expect(new Set(found).size).toBe(found.length)
      for (const item of data) expect(await store.loadItem('t1', item.id, undefined)).toEqual(item)
      expect(client.listenerCount('error')).toBe(listeners)
    },
  )
})
