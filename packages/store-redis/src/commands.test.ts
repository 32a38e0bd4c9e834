import { startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import {
  type CommandCounts,
  type CommandTarget,
  countAmong,
  countFaults,
  message,
  runStoreCase,
  type StoreTarget,
  storeCases,
  thread,
} from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import adapter from '../package.json' with { type: 'json' }
import { removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'

const declared: CommandCounts = {
  loadThread: 1,
  'saveThread, a new one': 1,
  saveThread: 1,
  loadThreads: 1,
  'loadThreads after a cursor': 1,
  loadThreadItems: 1,
  'loadThreadItems after a cursor': 1,
  'addThreadItem, a new one': 1,
  addThreadItem: 1,
  saveItem: 1,
  loadItem: 1,
  deleteThreadItem: 1,
  saveAttachment: 1,
  loadAttachment: 1,
  // the index of due rows, then the row
  'ledger.putAttachment, a new one that is due': 2,
  'ledger.getAttachment, then moveAttachment': 1 + 2,
  'ledger.releaseAttachments': 2,
  // ids, then rows
  'ledger.listAttachments': 2,
  'ledger.listAttachments after a cursor': 2,
  // the index, then two in each of the two tenants
  'ledger.listDue': 1 + 2 * 2,
  // the index, then one in each of the tenants
  'ledger.listScopes': 1 + 21,
  'ledger.hasThread': 1,
  'ledger.hasItem': 1,
  deleteAttachment: 1,
  deleteThread: 1,
}

/** Every command that the store sends or runs in a script: what a user of its own must be allowed, as the README says. */
const used = 'eval evalsha time exists set unlink hget hmget hset hdel zadd zcard zpopmin zrange zrem'.split(' ')
/** What connects, asks and ends. */
const ofTheClient = ['auth', 'client', 'hello', 'info', 'ping', 'quit']

/** Counts everything that is sent, as it is sent. */
class CountedRedis extends Redis {
  readonly counted = { commands: 0 }

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    this.counted.commands++
    return super.sendCommand(...args)
  }
}

await describeOn('redis', (redis) => {
  const prefix = testPrefix()
  const found = new Map<number, CommandCounts>()
  let client: CountedRedis
  const reset = () => {
    client.counted.commands = 0
  }
  beforeAll(() => {
    client = new CountedRedis(redis.url)
  })
  afterAll(async () => {
    await removeKeys(client, prefix)
    client.disconnect()
  })

  it.each([10, 1_000, 50_000])(
    'among %i rows each operation sends what is declared',
    { timeout: 600_000 },
    async (size) => {
      const target: CommandTarget = {
        open: async (options) => new RedisStore({ ...options, client, prefix: `${prefix}/${size}` }),
        counter: { commands: () => client.counted.commands, reset },
        declared: { ...declared, 'ledger.releaseAttachments': 1 + Math.ceil((size + 1) / 256) },
      }
      const counts = await countAmong(size, target)
      expect(countFaults(new Map([[size, counts]]), target.declared)).toEqual([])
      found.set(size, { ...counts, 'ledger.releaseAttachments': declared['ledger.releaseAttachments'] })
      await removeKeys(client, `${prefix}/${size}`)
    },
  )

  it('none sends more where more is stored, but for the attachments that a thread releases', () => {
    expect([...found.keys()]).toEqual([10, 1_000, 50_000])
    expect(countFaults(found, declared)).toEqual([])
  })

  it('the first write of a tenant sends three: unknown, noted, written', async () => {
    const store = new RedisStore<string>({ client, scope: (tenant) => tenant, prefix })
    for (const [tenant, count] of [
      ['new', 3],
      ['new', 1],
      ['other', 3],
    ] as const) {
      reset()
      await store.saveThread(thread('t1'), tenant)
      expect(client.counted.commands).toBe(count)
    }
  })

  it('a page of 9,999 sends two for each 2,000 rows', async () => {
    const store = new RedisStore({ client, scope: () => 'reader', prefix })
    await store.saveThread(thread('t1'), undefined)
    const ids = Array.from({ length: 4_600 }, (_, index) => `m${index}`)
    await Promise.all(ids.map((id) => store.addThreadItem('t1', message('t1', id), undefined)))
    reset()
    const page = await store.loadThreadItems('t1', null, 9_999, 'asc', undefined)
    expect([page.data.length, client.counted.commands]).toEqual([4_600, 6])
  })

  it.skipIf(redis.origin === 'environment')(
    'the whole suite passes as a user who may send these commands and no other',
    { timeout: 600_000 },
    async () => {
      const server = await startOwnRedis()
      onTestFinished(() => server.stop())
      const admin = new Redis(server.url)
      onTestFinished(() => admin.disconnect())
      const may = ['@connection', 'info', ...used].map((name) => `+${name}`)
      await admin.call('ACL', 'SETUSER', 'chat', 'on', '>secret', '~threadkeep:*', ...may)
      const url = Object.assign(new URL(server.url), { username: 'chat', password: 'secret' }).href
      const argument = JSON.stringify({ url, prefix: 'threadkeep' })
      const target: StoreTarget = {
        adapter,
        backend: { name: 'redis', version: server.version, origin: server.origin },
        open: async (options) => new RedisStore({ ...options, url }),
        otherProcess: async () => ({ module: new URL('../test/other-process.ts', import.meta.url), argument }),
      }
      await admin.config('RESETSTAT')
      for (const one of storeCases)
        expect([one.id, await runStoreCase(one, target)]).toEqual([one.id, { status: 'passed' }])
      await using store = new RedisStore({ scope: () => 'tenant', url })
      await deleteMany(store)
      const sent = await statistics(admin)
      expect([...sent.keys()].filter((name) => !ofTheClient.includes(name.replace(/\|.*/, ''))).sort()).toEqual(
        [...used].sort(),
      )
      expect([...sent].filter(([, rejected]) => rejected > 0)).toEqual([])
      expect(await admin.call('ACL', 'LOG')).toEqual([])
      expect(await admin.hlen('threadkeep:{tenant}:items:t1')).toBe(1_001)
      expect(await admin.zcard('threadkeep:{tenant}:items:t1:gone')).toBe(1_000)
    },
  )
})

/** More items than are kept as cursors, one after the other; one stays. The first is no cursor any more, the others are. */
async function deleteMany(store: RedisStore): Promise<void> {
  const ids = Array.from({ length: 1_001 }, (_, index) => `m${index}`)
  await store.saveThread(thread('t1'), undefined)
  for (const id of [...ids, 'last']) await store.addThreadItem('t1', message('t1', id), undefined)
  for (const id of ids) await store.deleteThreadItem('t1', id, undefined)
  const page = (after: string) => store.loadThreadItems('t1', after, 9, 'asc', undefined)
  expect((await page('m1')).data).toEqual([message('t1', 'last')])
  await expect(page('m0')).rejects.toMatchObject({ code: 'invalid_cursor' })
}

/** The commands that the server ran, but for those of this test, each with how often it was rejected. */
async function statistics(admin: Redis): Promise<Map<string, number>> {
  const lines = (await admin.info('commandstats')).matchAll(/^cmdstat_([^:]+):.*rejected_calls=(\d+)/gm)
  const found = new Map([...lines].map(([, name = '', rejected]) => [name, Number(rejected)]))
  found.delete('config|resetstat')
  return found
}
