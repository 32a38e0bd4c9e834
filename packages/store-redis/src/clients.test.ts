import type { BackendInfo } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { runStoreCase, storeCases } from '@threadkeep/conformance'
import { Cluster, Redis } from 'ioredis'
import * as low from 'ioredis-5'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { clientOf, removeKeys, testPrefix } from '../test/redis-client.ts'
import { type RedisClient, RedisStore } from './index.ts'

interface Client extends RedisClient {
  disconnect(): void
}

/** Options that both versions have, for a Redis and for the nodes of a Cluster. */
type Variant = [name: string, options: object]

const prefix = testPrefix()
/** Every operation, with answers of every shape, and nothing that takes seconds. */
const groups = ['threads', 'items', 'pages', 'cursors', 'deletes', 'attachment-records', 'ledger', 'lifecycle']
const cases = storeCases.filter(({ id, slow }) => groups.includes(id.replace(/\/.*/, '')) && !slow)

const common: Variant[] = [
  ['a prefix', { keyPrefix: `${prefix}-client:` }],
  ['automatic pipelines', { enableAutoPipelining: true }],
  ['numbers as strings', { stringNumbers: true }],
  ['a deadline, and no connection before it is needed', { commandTimeout: 5_000, lazyConnect: true }],
]
const ofSix: Variant[] = [
  ['RESP2', { protocol: 2 }],
  ['RESP3 in its own shapes', { protocol: 3, replyMapping: 'resp3' }],
  // but numbers as strings: a Cluster of ioredis that pipelines finds no slot with them
  ['all of it', { replyMapping: 'resp3', enableAutoPipelining: true, keyPrefix: `${prefix}-client:` }],
]

await describeOn('redis', (redis) => {
  describe('ioredis 6', () => {
    it.each([...common, ...ofSix])('with %s', (_, options) => expectKept(new Redis(redis.url, options)))
  })
  describe('ioredis 5.4', () => {
    it.each<Variant>([['nothing', {}], ...common])('with %s', (_, options) =>
      expectKept(new low.Redis(redis.url, options)),
    )
  })
  afterAll(() => cleared(redis))
})

await describeOn('redisCluster', (cluster) => {
  const nodes = cluster.url.split(',')
  describe('ioredis 6', () => {
    it.each([...common, ...ofSix])('with %s', (_, options) =>
      expectKept(new Cluster(nodes, { ...options, redisOptions: options })),
    )
  })
  describe('ioredis 5.4', () => {
    it.each<Variant>([['nothing', {}], ...common])('with %s', (_, options) =>
      expectKept(new low.Cluster(nodes, { ...options, redisOptions: options })),
    )
  })
  afterAll(() => cleared(cluster))
})

async function expectKept(client: Client): Promise<void> {
  onTestFinished(() => client.disconnect())
  await using store = new RedisStore({ scope: () => 'tenant', client, prefix })
  const levels = (await store.check()).map(({ level }) => level)
  expect([...new Set(levels)]).not.toContain('error')
  expect(levels.length).toBeGreaterThanOrEqual(4)
  expect(cases.length).toBeGreaterThan(40)
  for (const one of cases) {
    const outcome = await runStoreCase(one, { open: async (options) => new RedisStore({ ...options, client, prefix }) })
    expect([one.id, outcome]).toEqual([one.id, { status: 'passed' }])
  }
}

async function cleared({ url }: BackendInfo): Promise<void> {
  const client = clientOf(url)
  await removeKeys(client, prefix)
  client.disconnect()
}
