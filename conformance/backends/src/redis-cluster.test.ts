import { randomBytes } from 'node:crypto'
import { Cluster } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { withRedis } from './redis-client.ts'
import { reshard } from './reshard.ts'
import { describeOn } from './vitest.ts'

await describeOn('redisCluster', (redisCluster) => {
  test('has all slots, at three masters or more', async () => {
    const client = await connected(redisCluster.url)
    const ranges = await client.cluster('SLOTS')
    expect(ranges.reduce((sum, [start, end]) => sum + end - start + 1, 0)).toBe(16_384)
    const masters = new Set(ranges.map(([, , master]) => master?.[2]))
    expect(masters.size).toBeGreaterThanOrEqual(3)
    expect(redisCluster.notes).toEqual([`cluster of ${masters.size}`])
  })

  test('refuses a command over several slots', async () => {
    const client = await connected(redisCluster.url)
    await expect(client.call('MGET', 'a', 'b')).rejects.toThrow('CROSSSLOT')
  })

  test.skipIf(redisCluster.origin === 'environment')('a slot moves to another master under writes', async () => {
    const client = await connected(redisCluster.url)
    const tag = `{${randomBytes(8).toString('hex')}}`
    const slot = Number(await client.cluster('KEYSLOT', tag))
    const old = ['a', 'b', 'c', 'd'].map((name) => tag + name)
    const all = [...old, `${tag}e`]
    for (const key of old) await client.set(key, 'before')

    const move = await reshard(redisCluster.url, slot)
    expect(await move.moveKeys(2)).toBe(2)
    for (const key of all) await client.set(key, 'meanwhile')
    expect(await keysAt(move.from, slot)).toBe(2)
    expect(await keysAt(move.to, slot)).toBe(3)
    await expect(withRedis(move.from, (source) => source.mget(old))).rejects.toThrow('TRYAGAIN')

    await move.finish()
    expect(await keysAt(move.from, slot)).toBe(0)
    expect(await keysAt(move.to, slot)).toBe(5)
    expect(await client.mget(all)).toEqual(Array(5).fill('meanwhile'))
    await expect(withRedis(move.from, (source) => source.mget(old))).rejects.toThrow('MOVED')
  })
})

async function connected(url: string): Promise<Cluster> {
  const client = new Cluster(url.split(','), { lazyConnect: true })
  onTestFinished(() => client.disconnect())
  await client.connect()
  return client
}

function keysAt(url: string, slot: number): Promise<unknown> {
  return withRedis(url, (client) => client.cluster('COUNTKEYSINSLOT', slot))
}
