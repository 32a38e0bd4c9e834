import { inFlight } from './in-flight.ts'
import { importPeer } from './peers.ts'
import { generateItem, generateThread } from './records.ts'
import { type StoreSide, tenant } from './store-side.ts'

/** What is used of a store of Mastra, the same for every backend. */
interface MastraStore {
  init(): Promise<void>
  getStore(domain: 'memory'): Promise<MastraMemory>
  close(): Promise<void>
}

interface MastraMemory {
  saveThread(params: { thread: object }): Promise<unknown>
  getThreadById(params: { threadId: string }): Promise<unknown>
  listThreads(params: object): Promise<unknown>
  deleteThread(params: { threadId: string }): Promise<unknown>
  saveMessages(params: { messages: readonly object[] }): Promise<unknown>
  listMessages(params: object): Promise<unknown>
}

export interface Peer {
  readonly side: StoreSide
  /** Package and version. */
  readonly title: string
}

export async function mastraPostgres(connectionString: string): Promise<Peer> {
  const { module, title } = await importPeer('@mastra/pg')
  const { PostgresStore } = module as { PostgresStore: new (options: object) => MastraStore }
  return { side: await mastraSide(new PostgresStore({ id: 'bench', connectionString, max: 10 })), title }
}

export async function mastraRedis(connectionString: string): Promise<Peer> {
  const { module, title } = await importPeer('@mastra/redis')
  const { RedisStore } = module as { RedisStore: new (options: object) => MastraStore }
  return { side: await mastraSide(new RedisStore({ id: 'bench', connectionString })), title }
}

export async function mastraMongoDB(url: string, dbName: string): Promise<Peer> {
  const { module, title } = await importPeer('@mastra/mongodb')
  const { MongoDBStore } = module as { MongoDBStore: new (options: object) => MastraStore }
  return { side: await mastraSide(new MongoDBStore({ id: 'bench', url, dbName })), title }
}

/** It has no cursors: a page is told by its number. */
async function mastraSide(store: MastraStore): Promise<StoreSide> {
  await store.init()
  const memory = await store.getStore('memory')
  const saveThread = (id: string, of = tenant) => memory.saveThread({ thread: toThread(id, of) })
  return {
    name: 'peer',
    saveThread: (id) => saveThread(id),
    loadThread: (threadId) => memory.getThreadById({ threadId }),
    listThreads: (of, perPage) =>
      memory.listThreads({ filter: { resourceId: of }, page: 0, perPage, orderBy: newestFirst }),
    deleteThread: (threadId) => memory.deleteThread({ threadId }),
    addItem: (threadId, id) => memory.saveMessages({ messages: [toMessage(threadId, id)] }),
    lastItems: (threadId, perPage) => memory.listMessages({ threadId, page: 0, perPage, orderBy: newestFirst }),
    pageItems: (threadId, _, perPage, offset) =>
      memory.listMessages({ threadId, page: Math.floor(offset / perPage), perPage, orderBy: oldestFirst }),
    seed: async (threadId, count) => {
      await saveThread(threadId)
      await inFlight(4, Math.ceil(count / batch), (at) => {
        const ids = Array.from({ length: Math.min(batch, count - at * batch) }, (_, index) => at * batch + index)
        return memory.saveMessages({ messages: ids.map((id) => toMessage(threadId, `${threadId}-${id}`)) })
      })
    },
    seedThreads: (of, count) => inFlight(16, count, (at) => saveThread(`${of}-${at}`, of)),
    close: () => store.close(),
  }
}

const batch = 500
const newestFirst = { field: 'createdAt', direction: 'DESC' }
const oldestFirst = { field: 'createdAt', direction: 'ASC' }

function toThread(id: string, resourceId: string): object {
  const { title, metadata } = generateThread(id)
  return { id, resourceId, title, metadata, createdAt: new Date(), updatedAt: new Date() }
}

/** Its messages have one id across all threads. */
function toMessage(threadId: string, id: string): object {
  const parts = generateItem(threadId, id).content.map((part) => ({ ...part, type: 'text' }))
  return {
    id,
    threadId,
    resourceId: tenant,
    role: 'user',
    type: 'v2',
    createdAt: new Date(),
    content: { format: 2, parts },
  }
}
