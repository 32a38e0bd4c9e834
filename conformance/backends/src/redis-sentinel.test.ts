import { once } from 'node:events'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { startRedisSentinel } from './redis-sentinel.ts'
import { describeOn } from './vitest.ts'

await describeOn('redis', (redis) => {
  test.skipIf(redis.origin === 'environment')('the replica takes the place of a master that dies', async () => {
    const group = await startRedisSentinel()
    onTestFinished(() => group.stop())
    const client = new Redis({ sentinels: [...group.sentinels], name: group.name })
    client.on('error', () => {})
    onTestFinished(() => client.disconnect())
    await client.set('key', 'value')
    expect(await client.wait(1, 10_000)).toBe(1)

    const lost = once(client, 'close')
    await group.killMaster()
    await lost
    const master = await group.waitForNewMaster()
    expect(master).not.toBe(group.url)
    expect(await client.get('key')).toBe('value')
    expect(await client.config('GET', 'port')).toEqual(['port', new URL(master).port])
    await client.set('key', 'written after it')
  })
})
