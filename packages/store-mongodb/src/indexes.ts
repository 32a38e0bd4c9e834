import { type Finding, StorageError } from '@threadkeep/core'
import type { CollectionNames, Collections, IndexInfo } from './layout.ts'

type Key = Readonly<Record<string, 1>>

interface Index {
  readonly name: string
  readonly key: Key
  readonly unique?: true
}

interface Kept {
  readonly shardKey: Key
  readonly indexes: readonly Index[]
}

/** Each unique index begins with the shard key of its collection, and each query has that key or what it begins with. */
const kept: Readonly<Record<keyof CollectionNames, Kept>> = {
  threads: {
    shardKey: { scope: 1, id: 1 },
    indexes: [
      { name: 'identity', key: { scope: 1, id: 1, gone: 1 }, unique: true },
      { name: 'order', key: { scope: 1, gone: 1, position: 1 } },
    ],
  },
  items: {
    shardKey: { scope: 1, generation: 1 },
    indexes: [
      { name: 'identity', key: { scope: 1, generation: 1, id: 1, gone: 1 }, unique: true },
      { name: 'order', key: { scope: 1, generation: 1, gone: 1, position: 1 } },
    ],
  },
  attachments: {
    shardKey: { scope: 1, id: 1 },
    indexes: [
      { name: 'identity', key: { scope: 1, id: 1 }, unique: true },
      { name: 'order', key: { scope: 1, position: 1 } },
      { name: 'thread', key: { scope: 1, threadId: 1 } },
      { name: 'due', key: { due: 1 } },
    ],
  },
}

const kinds = Object.keys(kept) as (keyof CollectionNames)[]

/** Building an index of many documents takes longer than any call. */
const unhurried = { timeoutMS: 0, socketTimeoutMS: 0 }

/** Creates what is missing. An index that is another one than it must be: `configuration`, with what to run. */
export async function createIndexes(collections: Collections): Promise<void> {
  const faults = await faultsOf(collections)
  const drift = faults.flatMap(({ replace }) => replace ?? [])
  if (drift.length > 0) throw new StorageError('configuration', driftText(drift))
  // One by one: FerretDB drops the connection over several that somebody else has just created.
  for (const { kind, index } of faults) await collections[kind].createIndexes([{ ...index }], unhurried)
}

/** What `check()` says of them. */
export async function indexFinding(collections: Collections): Promise<Finding> {
  const faults = await faultsOf(collections)
  const drift = faults.flatMap(({ replace }) => replace ?? [])
  if (drift.length > 0) return { topic: 'schema', level: 'error', message: driftText(drift) }
  if (faults.length === 0) return { topic: 'schema', level: 'ok', message: 'all indexes are there' }
  const missing = faults.map(({ kind, index }) => `${index.name} of ${collections[kind].collectionName}`).join(', ')
  const message = `indexes are missing (${missing}): call setup() as a role that may create them`
  return { topic: 'schema', level: 'error', message }
}

/** What mongosh can run instead of `setup()`, and how to shard. */
export function plan(names: CollectionNames, database: string | undefined): string {
  const db = database === undefined ? 'db' : `db.getSiblingDB(${JSON.stringify(database)})`
  const creations = kinds.flatMap((kind) => kept[kind].indexes.map((index) => creation(db, names[kind], index)))
  const shards = kinds.map(
    (kind) =>
      `// sh.shardCollection(${db}.getName() + ${JSON.stringify(`.${names[kind]}`)}, ${shown(kept[kind].shardKey)})`,
  )
  return `${[...creations, '// On a sharded cluster, while the collections are empty:', ...shards].join('\n')}\n`
}

interface Fault {
  readonly kind: keyof CollectionNames
  readonly index: Index
  /** The commands that put another index right; absent where there is none. */
  readonly replace?: string
}

async function faultsOf(collections: Collections): Promise<Fault[]> {
  const found = await Promise.all(kinds.map(async (kind) => faultsIn(collections, kind)))
  return found.flat()
}

async function faultsIn(collections: Collections, kind: keyof CollectionNames): Promise<Fault[]> {
  const collection = collections[kind]
  const there = await collection.listIndexes().toArray().catch(ofNoCollection)
  return kept[kind].indexes.flatMap((index): Fault[] => {
    if (there.some((one) => isSame(one, index))) return []
    const other = there.find(({ name, key }) => name === index.name || shown(key) === shown(index.key))
    if (!other) return [{ kind, index }]
    const [db, name] = [`db.getSiblingDB(${JSON.stringify(collection.dbName)})`, collection.collectionName]
    const drop = `${db}.getCollection(${JSON.stringify(name)}).dropIndex(${JSON.stringify(other.name)})`
    return [{ kind, index, replace: `${drop}; ${creation(db, name, index)}` }]
  })
}

/** A collection begins with its first document or index. */
function ofNoCollection(error: unknown): IndexInfo[] {
  if (error instanceof Error && 'code' in error && error.code === 26) return []
  throw error
}

/** Whatever its name; each of the other options makes it see less, or otherwise. */
function isSame(one: IndexInfo, { key, unique }: Index): boolean {
  const { sparse, hidden, partialFilterExpression, expireAfterSeconds, collation } = one
  const others = sparse || hidden || (partialFilterExpression ?? expireAfterSeconds ?? collation) !== undefined
  return !others && shown(one.key) === shown(key) && Boolean(one.unique) === Boolean(unique)
}

function driftText(commands: readonly string[]): string {
  return `indexes are not what they must be; run this in mongosh: ${commands.join('; ')}`
}

function creation(db: string, collection: string, { name, key, unique }: Index): string {
  const options = shown({ name, ...(unique && { unique }) })
  return `${db}.getCollection(${JSON.stringify(collection)}).createIndex(${shown(key)}, ${options})`
}

function shown(fields: object): string {
  return JSON.stringify(fields)
}
