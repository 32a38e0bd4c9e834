import { randomBytes, randomUUID } from 'node:crypto'
import type { BackendInfo } from '@threadkeep/backends'
import { MongoDBStore } from '@threadkeep/store-mongodb'
import { type CommandStartedEvent, type Db, type Document, type Filter, MongoClient } from 'mongodb'
import { adapterSide } from './adapter-side.ts'
import { inFlight } from './in-flight.ts'
import { mastraMongoDB } from './mastra.ts'
import { generateItem, generateThread } from './records.ts'
import { nextPosition } from './replay.ts'
import type { StoreBench } from './store-bench.ts'
import { type StoreSide, type StoreSideName, tenant } from './store-side.ts'

/** Each side has a client of its own, and all have one database. */
export async function openMongoDB({ url, version }: BackendInfo, peers: boolean): Promise<StoreBench> {
  const database = `threadkeep_bench_${randomBytes(8).toString('hex')}`
  const clients = Array.from({ length: 3 }, () => new MongoClient(url, { monitorCommands: true }))
  const [ours, bare, own] = clients as [MongoClient, MongoClient, MongoClient]
  const store = new MongoDBStore({ client: ours, database, scope: (of: string) => of })
  await store.setup()
  const adapter = adapterSide(store)
  const peer = peers ? await mastraMongoDB(url, `${database}_peer`) : undefined
  const written = (name: StoreSideName) => writtenOut(name, adapter, bare.db(database))
  return {
    name: 'store-mongodb',
    backend: version,
    peer: peer?.title,
    sides: [
      adapter,
      written('bare'),
      written('bare again'),
      await byHand(own.db(database)),
      ...(peer ? [peer.side] : []),
    ],
    commands: await countEach(adapter, ours),
    close: async () => {
      await peer?.side.close()
      for (const name of [database, `${database}_peer`]) await own.db(name).dropDatabase()
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}

/** How many commands each method sends, as the client tells it. */
async function countEach(adapter: StoreSide, client: MongoClient): Promise<Record<string, number>> {
  let sent = 0
  const note = ({ commandName }: CommandStartedEvent) => {
    if (!['hello', 'endSessions'].includes(commandName)) sent += 1
  }
  client.on('commandStarted', note)
  const counts: Record<string, number> = {}
  const count = async (method: string, call: () => Promise<unknown>) => {
    sent = 0
    await call()
    counts[method] = sent
  }
  await count('saveThread', () => adapter.saveThread('counted'))
  await count('loadThread', () => adapter.loadThread('counted'))
  await count('listThreads', () => adapter.listThreads(tenant, 20))
  await count('addItem', () => adapter.addItem('counted', '0'))
  await count('lastItems', () => adapter.lastItems('counted', 50))
  await count('pageItems', () => adapter.pageItems('counted', '0', 50, 0))
  await adapter.deleteThread('counted') // of a process, the first deletion and every hundredth looks for tombstones too
  await adapter.saveThread('counted')
  await count('deleteThread', () => adapter.deleteThread('counted'))
  client.off('commandStarted', note)
  return counts
}

/** The adapter's commands written out: one needs what the one before found, so that they cannot be played again. */
function writtenOut(name: StoreSideName, adapter: StoreSide, db: Db): StoreSide {
  const [threads, items] = [db.collection('threadkeep.threads'), db.collection('threadkeep.items')]
  const gone = 'no'
  const projection = { _id: 0, position: 1, body: 1 }
  const thread = (id: string) => ({ scope: tenant, id, gone })
  const lifeOf = async (id: string) => {
    const found = await threads.findOne(thread(id), { projection: { _id: 0, generation: 1 } })
    return { scope: tenant, generation: found?.generation as string }
  }
  const newest = (limit: number) => ({ projection, sort: { position: -1 }, limit, batchSize: limit + 1 }) as const
  return {
    name,
    saveThread: (id) => {
      const first = { position: nextPosition(), generation: randomUUID() }
      return threads.updateOne(thread(id), setting(generateThread(id), first), { upsert: true })
    },
    loadThread: async (id) => parsed([(await threads.findOne(thread(id), { projection })) ?? {}]),
    listThreads: async (of, limit) => parsed(await threads.find({ scope: of, gone }, newest(limit + 1)).toArray()),
    deleteThread: async (id) => {
      const tombstone = `${new Date().toISOString()} ${randomUUID()}`
      const change = { $set: { gone: tombstone }, $unset: { body: '' } }
      const ended = await threads.findOneAndUpdate(thread(id), change, { returnDocument: 'after' })
      await items.deleteMany({ scope: tenant, generation: ended?.generation })
    },
    addItem: async (threadId, id) => {
      const key = { ...(await lifeOf(threadId)), id, gone }
      const change = setting(generateItem(threadId, id), { position: nextPosition() })
      return items.updateOne(key, change, { upsert: true })
    },
    lastItems: async (threadId, limit) =>
      parsed(await items.find({ ...(await lifeOf(threadId)), gone }, newest(limit + 1)).toArray()),
    pageItems: async (threadId, after, limit) => {
      const life = await lifeOf(threadId)
      const place = { projection: { _id: 0, position: 1 }, sort: { gone: -1 } } as const
      const cursor = await items.findOne({ ...life, id: after }, place)
      const filter = { ...life, gone, position: { $gt: cursor?.position } }
      return parsed(await items.find(filter, { ...newest(limit + 1), sort: { position: 1 } }).toArray())
    },
    // Its rows are the adapter's.
    seed: (threadId, count) => adapter.seed(threadId, count),
    seedThreads: (of, count) => adapter.seedThreads(of, count),
    close: async () => {},
  }
}

/** A collection for threads and one for items, with the indexes of their lists. */
async function byHand(db: Db): Promise<StoreSide> {
  const [threads, items] = [db.collection('hand.threads'), db.collection('hand.items')]
  await threads.createIndex({ scope: 1, id: 1 }, { unique: true })
  await threads.createIndex({ scope: 1, position: 1 })
  await items.createIndex({ scope: 1, thread: 1, id: 1 }, { unique: true })
  await items.createIndex({ scope: 1, thread: 1, position: 1 })
  const saveThread = (id: string, scope = tenant) =>
    threads.updateOne({ scope, id }, setting(generateThread(id), { position: nextPosition() }), { upsert: true })
  const addItem = (thread: string, id: string) => {
    const change = setting(generateItem(thread, id), { position: nextPosition() })
    return items.updateOne({ scope: tenant, thread, id }, change, { upsert: true })
  }
  const list = async (rows: typeof items, filter: Filter<Document>, order: 1 | -1, limit: number) =>
    parsed(await rows.find(filter, { projection: { _id: 0, body: 1 }, sort: { position: order }, limit }).toArray())
  return {
    name: 'by hand',
    saveThread: (id) => saveThread(id),
    loadThread: async (id) => parsed([(await threads.findOne({ scope: tenant, id })) ?? {}]),
    listThreads: (scope, limit) => list(threads, { scope }, -1, limit + 1),
    deleteThread: async (id) => {
      await threads.deleteOne({ scope: tenant, id })
      await items.deleteMany({ scope: tenant, thread: id })
    },
    addItem,
    lastItems: (thread, limit) => list(items, { scope: tenant, thread }, -1, limit + 1),
    pageItems: async (thread, id, limit) => {
      const cursor = await items.findOne({ scope: tenant, thread, id }, { projection: { _id: 0, position: 1 } })
      return list(items, { scope: tenant, thread, position: { $gt: cursor?.position } }, 1, limit + 1)
    },
    seed: async (threadId, count) => {
      await saveThread(threadId)
      await inFlight(64, count, (at) => addItem(threadId, String(at)))
    },
    seedThreads: (of, count) => inFlight(64, count, (at) => saveThread(`${of}-${at}`, of)),
    close: async () => {},
  }
}

function setting(record: object, first: object): Document {
  return { $set: { body: JSON.stringify(record) }, $setOnInsert: first }
}

function parsed(rows: readonly Document[]): unknown[] {
  return rows.map(({ body }) => JSON.parse(String(body)) as unknown)
}
