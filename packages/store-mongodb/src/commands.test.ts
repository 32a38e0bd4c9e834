import { isMongod } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { CommandCounts } from '@threadkeep/conformance'
import { testCommands } from '@threadkeep/conformance/vitest'
import type { StoreDriver } from '@threadkeep/core/driver'
import { type CommandStartedEvent, type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'
import { namesOf } from './layout.ts'
import { connect } from './mongodb-client.ts'
import { MongoDBDriver } from './mongodb-driver.ts'

const declared: CommandCounts = {
  loadThread: 1,
  'saveThread, a new one': 1,
  saveThread: 1,
  loadThreads: 1,
  'loadThreads after a cursor': 2,
  loadThreadItems: 2,
  'loadThreadItems after a cursor': 3,
  'addThreadItem, a new one': 2,
  addThreadItem: 2,
  saveItem: 2,
  loadItem: 2,
  deleteThreadItem: 2,
  saveAttachment: 1,
  loadAttachment: 1,
  'ledger.putAttachment, a new one that is due': 1,
  'ledger.getAttachment, then moveAttachment': 2,
  'ledger.releaseAttachments': 1,
  'ledger.listAttachments': 1,
  'ledger.listAttachments after a cursor': 2,
  'ledger.listDue': 1,
  // the next thread and the next attachment, then whichever came first, 20 times, once both
  'ledger.listScopes': 2 + 20 + 1,
  'ledger.hasThread': 1,
  'ledger.hasItem': 2,
  deleteAttachment: 1,
  deleteThread: 2,
}

/** Sent when clients connect and close, and asked of them beside. */
const ofTheClient = ['hello', 'ismaster', 'ping', 'endSessions']

await describeOn('mongodb', (mongodb) => {
  const place = { url: mongodb.url, database: testDatabase() }
  const { client, sent, reset } = watched(place)
  testCommands('mongodb', {
    open: async (options) => {
      const store = new MongoDBStore({ ...options, client, database: place.database })
      await store.setup()
      return store
    },
    counter: { commands: () => sent().length, reset },
    declared,
    sizes: isMongod(mongodb) ? [10, 1_000, 50_000] : [10, 1_000],
    close: async () => {
      await client.close()
      await dropDatabase(place)
    },
  })
})

await describeOn('mongodb', (mongodb) => {
  const scope = 'of 2000'
  const thread = { scope, threadId: 'i1' }
  const place = { url: mongodb.url, database: testDatabase() }
  const { client, sent, reset } = watched(place)
  const driver = new MongoDBDriver(connect({ client, database: place.database }, namesOf('threadkeep')))
  const tells = 'tells what it examined, which a mongod does'
  beforeAll(async () => {
    await driver.setup()
    await fill(2_000)
  }, 300_000)
  afterAll(async () => {
    await client.close()
    await dropDatabase(place)
  })

  describe.skipIf(!isMongod(mongodb))(`a server that ${tells}`, () => {
    it.each([
      [51, 'asc'],
      [51, 'desc'],
      [1_001, 'asc'],
    ] as const)('a page of %i rows, %s, is read from an index, and little more than itself', async (limit, order) => {
      for (const after of [null, 'i1000']) {
        const range = { after, limit, order }
        await expectFewExamined((driver) => driver.listItems(thread, range), limit)
        await expectFewExamined((driver) => driver.listThreads(scope, range), limit)
        await expectFewExamined((driver) => driver.listAttachments(scope, range), limit)
      }
    })

    it('a page beside deleted rows reads none of them', async () => {
      for (let at = 100; at < 400; at++) await driver.deleteItem({ ...thread, itemId: `i${at}` })
      await expectFewExamined((driver) => driver.listItems(thread, { after: 'i100', limit: 51, order: 'asc' }), 51)
    })

    it('single rows, due attachments and tenants are found alone', async () => {
      const attachment = { scope, attachmentId: 'i1' }
      await expectFewExamined((driver) => driver.getThread(thread), 1)
      await expectFewExamined((driver) => driver.getItem({ ...thread, itemId: 'i1000' }), 1)
      await expectFewExamined((driver) => driver.getAttachment(attachment), 1)
      await expectFewExamined((driver) => driver.putItem({ ...thread, itemId: 'i1000' }, recordOf(1_000)), 1)
      await expectFewExamined((driver) => driver.deleteItem({ ...thread, itemId: 'i1000' }), 1)
      await expectFewExamined((driver) => driver.listDue('2027', 50), 50)
      await expectFewExamined((driver) => driver.listScopes({ after: null, limit: 50 }), 1)
      await expectFewExamined(
        (driver) => driver.moveAttachment(attachment, 7, { state: '', due: null, threadId: null }),
        1,
      )
    })
  })
  it.skipIf(isMongod(mongodb))(`is left out: ${mongodb.version} is no server that ${tells}`, () => {})

  /** Each command of the call finds its documents by an index, and looks at no more than so many. */
  async function expectFewExamined(call: (driver: StoreDriver) => Promise<unknown>, documents: number): Promise<void> {
    reset()
    await call(driver)
    const commands = sent()
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) {
      const { lsid, $db, $clusterTime, txnNumber, ...explain } = command
      const told = await client.db(place.database).command({ explain, verbosity: 'executionStats' })
      expect([explain, JSON.stringify(told)]).not.toContain('COLLSCAN')
      expect.soft(told.executionStats.totalDocsExamined, JSON.stringify(explain)).toBeLessThanOrEqual(documents)
    }
  }

  /** A tenant with so many threads, items in the first of them, and attachments, due. */
  async function fill(count: number): Promise<void> {
    const all = Array.from({ length: count }, (_, at) => at)
    const unmoved = { state: '', revision: 0, due: '2026', threadId: 'i1' }
    await inTens(all, (at) => driver.putThread({ scope, threadId: `i${at}` }, recordOf(at)))
    await inTens(all, (at) => driver.putItem({ ...thread, itemId: `i${at}` }, recordOf(at)))
    await inTens(all, (at) => driver.putAttachment({ scope, attachmentId: `i${at}` }, { ...recordOf(at), ...unmoved }))
  }
})

/** A client, and the commands of stores that it sent since the last `reset`. */
function watched({ url }: Place): { client: MongoClient; sent: () => readonly Document[]; reset: () => void } {
  const client = new MongoClient(url, { monitorCommands: true })
  let sent: Document[] = []
  client.on('commandStarted', ({ command, commandName }: CommandStartedEvent) => {
    if (!ofTheClient.includes(commandName)) sent.push(command)
  })
  const reset = () => {
    sent = []
  }
  return { client, sent: () => sent, reset }
}

function recordOf(at: number): { position: string; body: string } {
  return { position: `${at}`.padStart(42, '0'), body: '{}' }
}

async function inTens(all: readonly number[], work: (at: number) => Promise<unknown>): Promise<void> {
  const left = all.values()
  const worker = async () => {
    for (const at of left) await work(at)
  }
  await Promise.all(Array.from({ length: 10 }, worker))
}
