import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, thread } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'
import { type Connection, connect } from './redis-client.ts'
import { RedisDriver } from './redis-driver.ts'

const due = '2001-01-01T00:00:00.000Z'
const later = '2001-02-01T00:00:00.000Z'
const [before, all] = ['2002-01-01T00:00:00.000Z', { after: null, limit: 1_000, order: 'asc' } as const]
const record = { position: 'p', body: '{}' }
const bound = { state: '', due: null, threadId: 't1' }
const [threadKey, key] = [
  { scope: 's', threadId: 't1' },
  { scope: 's', attachmentId: 'a1' },
]

await describeOn('redis', (redis) => {
  const prefix = testPrefix()
  let round = 0
  let client: Redis
  let connection: Connection
  let here: string
  let driver: RedisDriver
  beforeAll(() => {
    client = new Redis(redis.url)
    connection = connect({ client })
  })
  beforeEach(() => startAnew())
  afterAll(async () => {
    await removeKeys(client, prefix)
    client.disconnect()
  })

  function startAnew(): void {
    here = `${prefix}/${round++}`
    driver = new RedisDriver(connection, here)
  }

  describe('a process that ends in the middle of', () => {
    const putBound = () => driver.putAttachment(key, { ...record, ...bound, revision: 0 })
    it.each<[string, number, () => Promise<unknown>, (driver: RedisDriver) => Promise<unknown>]>([
      ['the first thread of a tenant', 3, nothing, (driver) => driver.putThread(threadKey, record)],
      [
        'the first attachment of a tenant',
        3,
        nothing,
        (driver) => driver.putAttachment(key, { ...record, ...bound, revision: 0 }),
      ],
      [
        'an attachment that is due',
        2,
        nothing,
        (driver) => driver.putAttachment(key, { ...record, ...bound, due, revision: 0 }),
      ],
      ['a move that makes due', 2, putBound, (driver) => driver.moveAttachment(key, 0, { ...bound, due })],
      ['a release', 2, putBound, (driver) => driver.releaseAttachments(threadKey, due)],
    ])('%s leaves nothing unlisted, at each of its %i commands', async (_, commands, prepare, operation) => {
      for (let at = 0; at < 2 * commands; at++) {
        startAnew()
        await prepare()
        await expect(operation(new RedisDriver(ending(connection, at), here))).rejects.toThrow('ended')
        await expectListed()
        await operation(driver)
        await expectListed()
        expect(await driver.listScopes(all)).toEqual(['s'])
      }
      startAnew()
      await prepare()
      await operation(new RedisDriver(ending(connection, 2 * commands), here))
    })

    async function expectListed(): Promise<void> {
      const attachments = (await driver.listAttachments('s', all)) ?? []
      const threads = (await driver.listThreads('s', all)) ?? []
      expect(await driver.listScopes(all)).toEqual(attachments.length + threads.length > 0 ? ['s'] : [])
      expect(await driver.listDue(before, 9)).toEqual(attachments.filter((row) => row.due !== null))
    }
  })

  describe('an entry without truth', () => {
    const index = (name: string) => `${here}:index:{all}:${name}`
    const makeOld = async (scope: string) => client.hset(index('noted'), scope, Date.now() - 11 * 60 * 1000)

    it('of a tenant that has nothing is never listed, stays for a while, and is dropped then', async () => {
      await driver.putThread(threadKey, record)
      await driver.deleteThread(threadKey)
      expect(await driver.listScopes(all)).toEqual([])
      expect(await client.zrange(index('scopes'), '0', '-1')).toEqual(['s'])
      await makeOld('s')
      expect(await driver.listScopes(all)).toEqual([])
      expect(await client.exists(index('scopes'), index('noted'), index('due'))).toBe(0)
      await driver.putThread(threadKey, record)
      expect(await driver.listScopes(all)).toEqual(['s'])
    })

    it('of a tenant that was empty and has something again stays', async () => {
      await driver.putThread(threadKey, record)
      await driver.deleteThread(threadKey)
      await driver.listScopes(all)
      await makeOld('s')
      await driver.putThread(threadKey, record)
      expect(await driver.listScopes(all)).toEqual(['s'])
      await makeOld('s')
      expect(await driver.listScopes(all)).toEqual(['s'])
      expect(await client.zrange(index('scopes'), '0', '-1')).toEqual(['s'])
    })

    it('of what is due later, or no more, stays for a while, and says it then', async () => {
      const score = () => client.zscore(index('due'), 's')
      await driver.putAttachment(key, { ...record, ...bound, due, revision: 0 })
      await driver.moveAttachment(key, 0, { ...bound, due: later })
      expect(await driver.listDue('2001-01-15', 9)).toEqual([])
      expect(Number(await score())).toBe(Date.parse(due))
      await makeOld('s')
      expect(await driver.listDue('2001-01-15', 9)).toEqual([])
      expect(Number(await score())).toBe(Date.parse(later))
      expect(await driver.listDue(before, 9)).toMatchObject([{ due: later }])
      await driver.deleteAttachment(key)
      expect(await driver.listDue(before, 9)).toEqual([])
      expect(await score()).toBeNull()
    })

    it('keeps no page of the list short', async () => {
      const scopes = Array.from({ length: 30 }, (_, n) => `s${String(n).padStart(2, '0')}`)
      for (const scope of scopes) await driver.putThread({ ...threadKey, scope }, record)
      const full = scopes.filter((_, n) => n % 3 === 0)
      for (const scope of scopes) if (!full.includes(scope)) await driver.deleteThread({ ...threadKey, scope })
      const pages = [await driver.listScopes({ after: null, limit: 4 })]
      while (pages.at(-1)?.length === 4)
        pages.push(await driver.listScopes({ after: pages.at(-1)?.at(-1) ?? null, limit: 4 }))
      expect(pages.flat()).toEqual(full)
      expect(pages.map(({ length }) => length)).toEqual([4, 4, 2])
    })
  })

  it('over 250 tenants, the longest due come first, as many as are asked for', async () => {
    const rows = Array.from({ length: 750 }, (_, n) => ({
      scope: `s${(n * 7) % 250}`,
      at: new Date(1e12 + ((n * 389) % 750) * 60_000),
    }))
    const dues = rows.map(({ scope, at }, n) =>
      driver.putAttachment(
        { scope, attachmentId: `a${n}` },
        { ...record, ...bound, due: at.toISOString(), revision: 0 },
      ),
    )
    await Promise.all(dues)
    const inOrder = rows.map(({ at }) => at.toISOString()).sort()
    for (const limit of [1, 99, 300, 750, 1_000]) {
      const found = await driver.listDue(before, limit)
      expect(found.map((row) => row.due)).toEqual(inOrder.slice(0, limit))
    }
    const half = String(inOrder[375])
    expect((await driver.listDue(half, 1_000)).map((row) => row.due)).toEqual(inOrder.slice(0, 375))
  })

  it('reindex() finds again what is due, and who there is, after the index was lost', async () => {
    const store = new RedisStore<string>({ client, scope: (tenant) => tenant, prefix: here })
    const tenants = ['one', 'other', 'third']
    for (const tenant of tenants) await store.saveThread(thread('t1'), tenant)
    await store.ledger.putAttachment('other', attachment('a1'), { ...bound, due })
    await client.unlink(...['scopes', 'due', 'noted'].map((name) => `${here}:index:{all}:${name}`))
    await store.saveThread(thread('t2'), 'one')
    expect(await store.ledger.listScopes(null, 9)).toEqual([])
    expect(await store.ledger.listDue(new Date(before), 9)).toEqual([])
    for (let time = 0; time < 2; time++) await store.reindex([...tenants, 'nobody'])
    expect(await store.ledger.listScopes(null, 9)).toEqual(tenants)
    expect(await store.ledger.listDue(new Date(before), 9)).toMatchObject([{ scope: 'other', due }])
    await expect(store.reindex([''])).rejects.toMatchObject({ code: 'invalid_argument' })
  })
})

async function nothing(): Promise<void> {}

/** A connection that fails before (even) or after (odd) the command that `at` says, as seen by who sends it. */
function ending(connection: Connection, at: number): Connection {
  let step = 0
  const send = async (command: () => Promise<unknown>) => {
    if (step++ === at) throw new Error('ended before a command')
    const reply = await command()
    if (step++ === at) throw new Error('ended after a command')
    return reply
  }
  return {
    ...connection,
    run: (...args) => send(() => connection.run(...args)),
    call: (...args) => send(() => connection.call(...args)),
  }
}
