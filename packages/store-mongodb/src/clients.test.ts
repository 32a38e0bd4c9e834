import { describeOn } from '@threadkeep/backends/vitest'
import { runStoreCase, type StoreCase, storeCases, thread } from '@threadkeep/conformance'
import { type CommandStartedEvent, MongoClient } from 'mongodb'
import * as six from 'mongodb-6'
import * as seven from 'mongodb-7'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { dropDatabase, testDatabase } from '../test/test-database.ts'
import { type MongoDBClient, MongoDBStore } from './index.ts'

interface Client extends MongoDBClient {
  close(): Promise<void>
}

const scope = () => 'tenant'
/** Every operation, with answers of every shape, and nothing that takes seconds. */
const groups = ['threads', 'items', 'cursors', 'deletes', 'attachment-records', 'ledger']
const isFast = ({ id, slow }: StoreCase) => !slow && !id.startsWith('ledger/scopes')
const cases = storeCases.filter((one) => groups.includes(one.id.replace(/\/.*/, '')) && isFast(one))

await describeOn('mongodb', (mongodb) => {
  const place = { url: mongodb.url, database: testDatabase() }
  afterAll(() => dropDatabase(place))

  it.each<[string, () => Client]>([
    ['mongodb 6.0.0', () => new six.MongoClient(mongodb.url)],
    ['mongodb 7.0.0, which has timeoutMS', () => new seven.MongoClient(mongodb.url)],
    ['values as the server has them', () => new MongoClient(mongodb.url, { promoteValues: false, raw: true })],
    ['reads from others than the primary', () => new MongoClient(mongodb.url, { readPreference: 'nearest' })],
    ['undefined fields left out', () => new MongoClient(mongodb.url, { ignoreUndefined: true, useBigInt64: true })],
  ])('with %s', { timeout: 120_000 }, async (_, make) => {
    const client = make()
    onTestFinished(() => client.close())
    const source = { client, database: place.database }
    await using store = new MongoDBStore({ scope, ...source })
    await store.setup()
    const levels = (await store.check()).map(({ level }) => level)
    expect([levels.length, levels.includes('error')]).toEqual([4, false])
    expect(cases.length).toBeGreaterThan(30)
    for (const one of cases) {
      const outcome = await runStoreCase(one, { open: async (options) => new MongoDBStore({ ...options, ...source }) })
      expect([one.id, outcome]).toEqual([one.id, { status: 'passed' }])
    }
  })

  describe('whatever the URL says', () => {
    it.each([
      ['readPreference=secondary&w=majority', 'majority'],
      ['readPreference=secondaryPreferred', 'majority'],
      ['w=1', 1],
    ])('%s: reads ask for the primary, and writes for w: %s', async (query, w) => {
      const url = new URL(mongodb.url)
      url.search = `?${query}`
      const client = new MongoClient(url.href, { monitorCommands: true })
      onTestFinished(() => client.close())
      const sent: CommandStartedEvent[] = []
      client.on('commandStarted', (event) => sent.push(event))
      await using store = new MongoDBStore({ scope, client, database: place.database })
      await store.saveThread(thread('t1'), undefined)
      await store.loadThread('t1', undefined)
      const [write, read] = ['update', 'find'].map((name) => sent.find(({ commandName }) => commandName === name))
      expect(write?.command.writeConcern).toEqual({ w })
      // Absent, it is the primary; with it, a server alone is asked whatever it is.
      expect(['primary', 'primaryPreferred', undefined]).toContain(read?.command.$readPreference?.mode)
    })

    it('a client is told which library uses it, with its version', async () => {
      const told: object[] = []
      const client = new MongoClient(mongodb.url)
      onTestFinished(() => client.close())
      const witness = new Proxy(client, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name)
          if (name === 'appendMetadata') return (info: object) => told.push(info)
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
      await using store = new MongoDBStore({ scope, client: witness, database: place.database })
      await Promise.all([store.ping(), store.ping()])
      await store.ping()
      expect(told).toEqual([{ name: 'threadkeep', version: expect.stringMatching(/^\d+\.\d+\.\d+/) }])
      client.appendMetadata({ name: 'threadkeep', version: '1.0.0' })
    })
  })
})
