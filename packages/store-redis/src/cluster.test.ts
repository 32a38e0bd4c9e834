import { type Backend, reshard, startRedisCluster } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, thread } from '@threadkeep/conformance'
import { Cluster, type ClusterOptions, type Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'
import { keysOf } from './layout.ts'

const scope = (tenant: string) => tenant
const prefix = testPrefix()
const hostile = [
  '{',
  '}',
  '{}',
  '}{',
  '{a}',
  '{a}b',
  'a{b}',
  '{{a}}',
  '{}a',
  ':',
  'a:order',
  'a:gone',
  '*',
  '?',
  '[a]',
  '\\',
  '%7b',
]
  .concat([' ', 'a b', '\n', '%', '%25', 'é', 'e\u0301', '漢字', '😀', '__proto__', 'index', 'all', '{all}', 'a', 'b'])
  .concat(['x'.repeat(512), '{'.repeat(512), '😀'.repeat(128)])

await describeOn('redisCluster', (cluster) => {
  let client: Cluster
  let store: RedisStore<string>
  beforeAll(() => {
    client = new Cluster(cluster.url.split(','))
    store = new RedisStore({ client, scope, prefix })
  })
  afterAll(async () => {
    await store.close()
    await removeKeys(client, prefix)
    client.disconnect()
  })

  it('tenants spread over all masters, and the sweep and the list of tenants reach each', async () => {
    const tenants = Array.from({ length: 250 }, (_, index) => `tenant-${String(index).padStart(3, '0')}`)
    const due = '2001-01-01T00:00:00.000Z'
    const fill = async (tenant: string) => {
      await store.saveThread(thread('t1'), tenant)
      await store.addThreadItem('t1', message('t1', tenant), tenant)
      await store.ledger.putAttachment(tenant, attachment('a1'), { state: '', due, threadId: 't1' })
    }
    await Promise.all(tenants.map(fill))
    const owners = await Promise.all(tenants.map((tenant) => ownerOf(client, keysOf(prefix, tenant).threads[0])))
    const masters = new Set(client.nodes('master').map(({ options }) => `${options.host}:${options.port}`))
    expect(new Set(owners)).toEqual(masters)
    expect(masters.size).toBeGreaterThanOrEqual(3)

    const seen = await Promise.all(tenants.map((tenant) => store.loadThreadItems('t1', null, 9, 'asc', tenant)))
    expect(seen.map(({ data }) => data.map(({ id }) => id))).toEqual(tenants.map((tenant) => [tenant]))
    expect(await store.ledger.listScopes(null, 1_000)).toEqual(tenants)
    const found = await store.ledger.listDue(new Date('2001-01-02'), 1_000)
    expect(found.map(({ scope }) => scope).sort()).toEqual(tenants)
  })

  it('all keys of a tenant are in one slot, and no two of whatever names are the same key', async () => {
    const all = new Map<string, string>()
    for (const tenant of hostile) {
      const { threads, items, attachments, moves, known } = keysOf(prefix, tenant)
      const keys = [...threads, ...attachments, ...moves, known, ...hostile.flatMap((threadId) => items(threadId))]
      const slots = await Promise.all(keys.map((key) => client.cluster('KEYSLOT', key)))
      expect([tenant, new Set(slots).size]).toEqual([tenant, 1])
      for (const key of keys) {
        expect(all.get(key)).toBeUndefined()
        all.set(key, tenant)
      }
    }
    expect(all.size).toBe(hostile.length * (9 + 3 * hostile.length))
  })

  it.skipIf(cluster.origin === 'environment').each([
    ['by a Cluster', {}],
    ['by a Cluster with automatic pipelines', { enableAutoPipelining: true }],
  ])('a slot moves under writes %s: what was acknowledged is there once', async (tenant, options) => {
    const writer = new Cluster(cluster.url.split(','), options)
    onTestFinished(() => writer.disconnect())
    const store = new RedisStore({ client: writer, scope, prefix })
    const slot = Number(await client.cluster('KEYSLOT', keysOf(prefix, tenant).known))
    await store.saveThread(thread('t1'), tenant)
    const acknowledged: string[] = []
    const errors: unknown[] = []
    const write = async (id: string) => {
      try {
        await store.addThreadItem('t1', message('t1', id), tenant)
        acknowledged.push(id)
      } catch (error) {
        errors.push(error)
      }
    }
    const burst = (name: string) => Promise.all(Array.from({ length: 20 }, (_, index) => write(`${name} ${index}`)))
    await burst('before')
    const move = await reshard(cluster.url, slot)
    const writes = [burst('begun')]
    await move.moveKeys(1)
    writes.push(burst('half-way'))
    await move.finish()
    writes.push(burst('done'))
    await Promise.all(writes)
    await burst('after')
    for (const error of errors) expect(error).toMatchObject({ code: 'unavailable', retryable: true })
    const { data } = await store.loadThreadItems('t1', null, 999, 'asc', tenant)
    const found = data.map(({ id }) => id)
    expect(new Set(found).size).toBe(found.length)
    expect(acknowledged.filter((id) => !found.includes(id))).toEqual([])
    expect(acknowledged.filter((id) => /before|after/.test(id))).toHaveLength(40)
    expect(await ownerOf(client, keysOf(prefix, tenant).known)).toBe(new URL(move.to).host)
  })

  it.each<{ scaleReads: NonNullable<ClusterOptions['scaleReads']> }>([
    { scaleReads: 'slave' },
    { scaleReads: 'all' },
    { scaleReads: (nodes: Redis[]) => nodes },
  ])('a Cluster that reads from replicas is refused: %o', (options) => {
    const reading = new Cluster(cluster.url.split(','), { ...options, lazyConnect: true })
    const open = () => new RedisStore({ client: reading, scope })
    expect(open).toThrow(expect.objectContaining({ code: 'configuration' }))
  })

  describe.skipIf(cluster.origin === 'environment')('a cluster of its own', () => {
    let own: Backend
    beforeAll(async () => {
      own = await startRedisCluster()
    })
    afterAll(() => own.stop())

    function opened(): { client: Cluster; store: RedisStore<string> } {
      const client = new Cluster(own.url.split(','))
      onTestFinished(() => client.disconnect())
      const store = new RedisStore({ client, scope, timeoutMs: 20_000 })
      onTestFinished(() => store.close())
      return { client, store }
    }

    it('whose connections are all cut answers the calls after', async () => {
      const { client, store } = opened()
      const tenants = Array.from({ length: 30 }, (_, index) => `tenant ${index}`)
      await Promise.all(tenants.map((tenant) => store.saveThread(thread('t1'), tenant)))
      const cuts = client.nodes('master').map((node) => node.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no'))
      const calls = tenants.map((tenant) => store.saveThread(thread('t2'), tenant))
      const ends = await Promise.allSettled([...calls, ...cuts])
      for (const end of ends.slice(0, 30)) if (end.status === 'rejected') expect(end.reason.code).toBe('unavailable')
      expect(client.listenerCount('error')).toBe(1)
      const found = await Promise.all(tenants.map((tenant) => store.loadThread('t1', tenant)))
      expect(found).toEqual(tenants.map(() => thread('t1')))
    })

    it('that lacks a slot is down: calls are unavailable, check() says so, and all is well when it is back', async () => {
      const { client, store } = opened()
      await store.saveThread(thread('t1'), 'tenant')
      const masters = client.nodes('master')
      const { known } = keysOf('threadkeep', 'tenant')
      const [slot, owner] = [Number(await client.cluster('KEYSLOT', known)), await ownerOf(client, known)]
      await Promise.all(masters.map((node) => node.cluster('DELSLOTS', slot)))
      await expect(store.loadThread('t1', 'tenant')).rejects.toMatchObject({ code: 'unavailable', retryable: true })
      expect(await store.check()).toContainEqual(expect.objectContaining({ topic: 'cluster', level: 'error' }))
      await masters.find(({ options }) => `${options.host}:${options.port}` === owner)?.cluster('ADDSLOTS', slot)
      for (const node of masters) while (!`${await node.cluster('INFO')}`.includes('cluster_state:ok'));
      expect(await store.loadThread('t1', 'tenant')).toEqual(thread('t1'))
    })

    it('that loses a master makes calls of its tenants unavailable, and answers those of others', async () => {
      const { client, store } = opened()
      await store.saveThread(thread('t1'), 'tenant')
      const owner = await ownerOf(client, keysOf('threadkeep', 'tenant').known)
      const [lost] = client.nodes('master').filter(({ options }) => `${options.host}:${options.port}` === owner)
      await lost?.call('SHUTDOWN', 'NOSAVE').catch(String)
      const tenants = ['tenant', ...Array.from({ length: 30 }, (_, index) => `tenant ${index}`)]
      const calls = await Promise.allSettled(tenants.map((tenant) => store.loadThread('t1', tenant)))
      const codes = calls.map((call) => (call.status === 'rejected' ? call.reason.code : 'answered'))
      expect(codes[0]).toBe('unavailable')
      expect([...new Set(codes.slice(1))].sort()).toEqual(['answered', 'unavailable'])
    })
  })
})

async function ownerOf(client: Cluster, key: string): Promise<string | undefined> {
  const slot = Number(await client.cluster('KEYSLOT', key))
  for (const [start, end, master] of await client.cluster('SLOTS')) {
    if (start <= slot && slot <= end) return `${master?.[0]}:${master?.[1]}`
  }
  return undefined
}
