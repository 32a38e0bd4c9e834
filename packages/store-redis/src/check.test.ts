import { startOwnRedis, startRedisSentinel } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { Finding } from '@threadkeep/core'
import { Cluster, Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type RedisClient, RedisStore } from './index.ts'

const scope = () => 'tenant'

await describeOn('redis', (redis) => {
  describe.skipIf(redis.origin === 'environment')('check()', () => {
    it('is content with a server that keeps what it has, and changes nothing', async () => {
      const { admin, url } = await server({ appendonly: 'yes', maxmemory: '100mb', 'maxmemory-policy': 'noeviction' })
      const findings = await checked({ url })
      expect(levels(findings)).toEqual({ reachable: 'ok', persistence: 'ok', eviction: 'ok', clock: 'ok' })
      expect(findings[0]?.message).toMatch(/^Redis \d+\.\d+/)
      expect(await admin.dbsize()).toBe(0)
    })

    it('warns of a server that writes nothing to disk', async () => {
      const { url } = await server({})
      expect(await checked({ url })).toContainEqual({
        topic: 'persistence',
        level: 'warning',
        message: expect.stringContaining('set appendonly yes'),
      })
    })

    it('tells of a server whose last snapshot failed', async () => {
      // no snapshot can take the place of a folder
      const { admin, url } = await server({ appendonly: 'yes', dbfilename: 'appendonlydir' })
      await admin.bgsave()
      while (!(await admin.info('persistence')).includes('rdb_last_bgsave_status:err'));
      expect(levels(await checked({ url }))).toMatchObject({ persistence: 'error', reachable: 'ok' })
    })

    it.each([
      ['allkeys-lru', 'warning'],
      ['allkeys-random', 'warning'],
      ['volatile-lru', 'ok'],
    ])('says of maxmemory-policy %s: %s', async (policy, level) => {
      const { url } = await server({ 'maxmemory-policy': policy })
      const message = expect.stringContaining(policy)
      expect(await checked({ url })).toContainEqual({ topic: 'eviction', level, message })
    })

    it('tells of a replica', async () => {
      const { admin, url } = await server({})
      await admin.replicaof('127.0.0.1', 1)
      expect(levels(await checked({ url }))).toMatchObject({ role: 'error' })
    })

    it('tells of a server that has gone', async () => {
      const { url, stop } = await server({})
      await stop()
      expect(levels(await checked({ url }))).toEqual({ reachable: 'error' })
    })

    it('is content with the master that Sentinel names', { timeout: 60_000 }, async () => {
      const group = await startRedisSentinel()
      onTestFinished(() => group.stop())
      const client = new Redis({ sentinels: [...group.sentinels], name: group.name })
      onTestFinished(() => client.disconnect())
      expect(levels(await checked({ client }))).toMatchObject({ reachable: 'ok' })
      const replica = new Redis({ sentinels: [...group.sentinels], name: group.name, role: 'slave' })
      onTestFinished(() => replica.disconnect())
      expect(levels(await checked({ client: replica }))).toMatchObject({ role: 'error' })
    })
  })
})

await describeOn('redisCluster', (cluster) => {
  it.each([true, false])('check() looks at every master of a cluster, with lazyConnect %s', async (lazyConnect) => {
    const client = new Cluster(cluster.url.split(','), { lazyConnect })
    onTestFinished(() => client.disconnect())
    const findings = await checked({ client })
    const topics = findings.filter(({ level }) => level === 'ok').map(({ topic }) => topic)
    for (const topic of ['reachable', 'cluster', 'eviction']) {
      expect(topics.filter((found) => found === topic)).toHaveLength(client.nodes('master').length)
    }
    expect(client.nodes('master').length).toBeGreaterThanOrEqual(3)
  })
})

async function server(settings: Record<string, string>): Promise<{ url: string; admin: Redis; stop(): Promise<void> }> {
  const { url, stop } = await startOwnRedis(settings)
  const admin = new Redis(url)
  admin.on('error', () => {})
  onTestFinished(async () => {
    admin.disconnect()
    await stop()
  })
  return { url, admin, stop }
}

async function checked(source: { url: string } | { client: RedisClient }): Promise<Finding[]> {
  await using store = new RedisStore({ scope, ...source })
  return await store.check()
}

function levels(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ topic, level }) => [topic, level]))
}
