import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describeOn } from '@threadkeep/backends/vitest'
import { thread } from '@threadkeep/conformance'
import { type Collection, MongoClient } from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const scope = () => 'tenant'
const kinds = ['threads', 'items', 'attachments']

await describeOn('mongodb', (mongodb) => {
  /** A database of the test's own. */
  function fresh(): Place {
    const place = { url: mongodb.url, database: testDatabase() }
    onTestFinished(() => dropDatabase(place))
    return place
  }

  function collection({ url, database }: Place, kind: string): Collection {
    const client = new MongoClient(url)
    onTestFinished(() => client.close())
    return client.db(database).collection(`threadkeep.${kind}`)
  }

  /** Every index of the three collections, in words. */
  async function indexes(place: Place): Promise<string[]> {
    const found = await Promise.all(kinds.map((kind) => collection(place, kind).listIndexes().toArray()))
    return found.flatMap((list, at) => list.map((index) => `${kinds[at]} ${JSON.stringify(index)}`)).sort()
  }

  describe('setup()', () => {
    it('succeeds in 16 processes that call it at once on an empty database', { timeout: 300_000 }, async () => {
      const { url, database } = fresh()
      const script = fileURLToPath(new URL('../test/set-up.ts', import.meta.url))
      const processes = Array.from({ length: 16 }, () => fork(script, [url, database]))
      await Promise.all(processes.map((process) => once(process, 'message')))
      const exits = processes.map((process) => once(process, 'exit'))
      for (const process of processes) process.send('go')
      expect(await Promise.all(exits)).toEqual(processes.map(() => [0, null]))
      await expectReady({ url, database })
      expect(await indexes({ url, database })).toHaveLength(3 + 2 + 2 + 4)
    })

    it('is safe twice, keeps what is stored, and creates what is missing', async () => {
      const place = fresh()
      await using store = new MongoDBStore({ scope, ...place })
      await store.setup()
      const all = await indexes(place)
      await store.saveThread(thread('t1'), undefined)
      await collection(place, 'items').dropIndex('order')
      await store.setup()
      expect(await indexes(place)).toEqual(all)
      expect(await store.loadThread('t1', undefined)).toEqual(thread('t1'))
    })

    it('takes indexes that somebody made under other names', async () => {
      const place = fresh()
      await using store = new MongoDBStore({ scope, ...place })
      await store.setup()
      await collection(place, 'threads').dropIndex('order')
      await collection(place, 'threads').createIndex({ scope: 1, gone: 1, position: 1 }, { name: 'of ours' })
      const all = await indexes(place)
      await store.setup()
      expect(await indexes(place)).toEqual(all)
      await expectReady(place)
    })

    it.each([
      ['identity', { scope: 1, id: 1, gone: 1 }, { unique: false }],
      ['order', { scope: 1, position: 1 }, {}],
    ] as const)('an index %s that is another one is configuration, with what to run', async (name, key, options) => {
      const place = fresh()
      await using store = new MongoDBStore({ scope, ...place })
      await store.setup()
      const threads = collection(place, 'threads')
      await threads.dropIndex(name)
      await threads.createIndex(key, { name, ...options })
      const error: Error = await store.setup().then(
        () => new Error('it was taken'),
        (reason) => reason,
      )
      expect(error).toMatchObject({ code: 'configuration', retryable: false })
      expect(await store.check()).toContainEqual({ topic: 'schema', level: 'error', message: error.message })
      await run(error.message.replace(/^.*mongosh: /, ''), place)
      await store.setup()
      await expectReady(place)
    })
  })

  describe('plan()', () => {
    it('needs no connection', () => {
      const store = new MongoDBStore({ scope, url: 'mongodb://nowhere.invalid', prefix: 'my/chat' })
      expect(store.plan()).toContain(
        'db.getCollection("my.chat.threads").createIndex({"scope":1,"id":1,"gone":1}, {"name":"identity","unique":true})',
      )
      expect(store.plan()).toContain('sh.shardCollection')
    })

    it('run by hand leaves exactly what setup() leaves', async () => {
      const [byHand, bySetup] = [fresh(), fresh()]
      await using planned = new MongoDBStore({ scope, ...byHand })
      await run(planned.plan(), byHand)
      await using store = new MongoDBStore({ scope, ...bySetup })
      await store.setup()
      expect(await indexes(byHand)).toEqual(await indexes(bySetup))
      await expectReady(byHand)
    })
  })

  describe('check()', () => {
    it('before setup() says to call it', async () => {
      await using store = new MongoDBStore({ scope, ...fresh() })
      const findings = await store.check()
      expect(levels(findings)).toMatchObject({ reachable: 'ok', schema: 'error' })
      expect(findings.find(({ topic }) => topic === 'schema')?.message).toContain('call setup()')
    })

    it('warns of writes that one server acknowledges alone', async () => {
      const place = fresh()
      const client = new MongoClient(place.url, { writeConcern: { w: 1 } })
      onTestFinished(() => client.close())
      await using store = new MongoDBStore({ scope, client, database: place.database })
      expect(levels(await store.check())).toMatchObject({ persistence: 'warning' })
    })

    it('tells of a server that has gone', async () => {
      await using store = new MongoDBStore({ scope, url: 'mongodb://127.0.0.1:1', timeoutMs: 1_000 })
      expect(levels(await store.check())).toEqual({ reachable: 'error' })
    })
  })

  it('two prefixes share a database and see nothing of each other', async () => {
    const place = fresh()
    await using one = new MongoDBStore({ scope, ...place, prefix: 'one' })
    await using other = new MongoDBStore({ scope, ...place, prefix: 'one/two' })
    await Promise.all([one.setup(), other.setup()])
    await one.saveThread(thread('t1'), undefined)
    await expect(other.loadThread('t1', undefined)).rejects.toMatchObject({ code: 'not_found' })
    await other.deleteThread('t1', undefined)
    expect(await one.loadThread('t1', undefined)).toEqual(thread('t1'))
  })
})

/** A store at the place finds nothing to complain of. */
async function expectReady(place: Place): Promise<void> {
  await using store = new MongoDBStore({ scope, ...place })
  expect(levels(await store.check())).toEqual({ reachable: 'ok', schema: 'ok', persistence: 'ok', clock: 'ok' })
}

/** Runs what is meant for mongosh: there `db` is the database, and `getCollection` one of its collections. */
async function run(commands: string, { url, database }: Place): Promise<void> {
  const client = new MongoClient(url)
  onTestFinished(() => client.close())
  const pattern = /getCollection\("([^"]+)"\)\.(dropIndex|createIndex)\((.*?)\)(?=;|\n|$)/g
  for (const [, name = '', method, args] of commands.matchAll(pattern)) {
    const [first, second] = JSON.parse(`[${args}]`)
    const collection = client.db(database).collection(name)
    if (method === 'dropIndex') await collection.dropIndex(first)
    else await collection.createIndex(first, second)
  }
}

function levels(findings: { topic: string; level: string }[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ topic, level }) => [topic, level]))
}
