import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startOwnRedis } from './own-redis.ts'
import { describeOn } from './vitest.ts'

await describeOn('redis', (redis) => {
  test('answers a command', async () => {
    const client = connected(redis.url)
    expect(await client.ping()).toBe('PONG')
  })

  test.skipIf(redis.origin === 'environment')('writes nothing to disk', async () => {
    const client = connected(redis.url)
    expect(await client.config('GET', 'save')).toEqual(['save', ''])
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'no'])
  })

  describe.skipIf(redis.origin === 'environment')('a server of one test', () => {
    test('is killed, and starts again on its port without what it had', async () => {
      const own = await startOwnRedis()
      onTestFinished(() => own.stop())
      await connected(own.url).set('key', 'value')
      await own.kill()
      await expect(connected(own.url).ping()).rejects.toThrow('Connection is closed')
      await own.start()
      expect(await connected(own.url).get('key')).toBeNull()
    })

    test('keeps what it had when it is told to', async () => {
      const own = await startOwnRedis({ appendonly: 'yes', appendfsync: 'always' })
      onTestFinished(() => own.stop())
      expect(own.notes).toEqual(['appendonly yes', 'appendfsync always'])
      await connected(own.url).set('key', 'value')
      await own.kill()
      await own.start()
      expect(await connected(own.url).get('key')).toBe('value')
    })

    test('answers nothing while it is held still, and everything afterwards', async () => {
      const own = await startOwnRedis()
      onTestFinished(() => own.stop())
      const client = connected(own.url)
      const order: string[] = []
      await client.ping()
      await own.pause()
      const answer = client.ping().then(() => order.push('answered'))
      await expect(connected(own.url, 200).ping()).rejects.toThrow('timed out')
      order.push('resumed')
      await own.resume()
      await answer
      expect(order).toEqual(['resumed', 'answered'])
    })

    test('may be stopped while it is held still, and twice', async () => {
      const own = await startOwnRedis()
      await own.pause()
      await own.stop()
      await own.stop()
      await expect(connected(own.url).ping()).rejects.toThrow('Connection is closed')
    })
  })
})

function connected(url: string, commandTimeout = 10_000): Redis {
  const client = new Redis(url, { commandTimeout, retryStrategy: null })
  client.on('error', () => {})
  onTestFinished(() => client.disconnect())
  return client
}
