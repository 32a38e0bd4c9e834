import { createRequire } from 'node:module'
import { type Finding, StorageError } from '@threadkeep/core'
import { clockFinding, defaultTimeoutMs, type ErrorCode, guardErrors } from '@threadkeep/core/driver'
import type { MongoClient } from 'mongodb'
import { indexFinding } from './indexes.ts'
import { type CollectionNames, type Collections, collectionsOf, type Database } from './layout.ts'

/** What a client must be able to do: a `MongoClient` fits. */
export interface MongoDBClient {
  db(name?: string, options?: object): object
  appendMetadata?(driverInfo: { name: string; version: string }): void
  readonly writeConcern?: { readonly w?: number | string } | undefined
}

/** A client, a promise of one, or a function that gives one at every call. */
export type MongoDBClientSource =
  | MongoDBClient
  | Promise<MongoDBClient>
  | (() => MongoDBClient | Promise<MongoDBClient>)

/** Where the driver sends its commands. */
export interface Connection {
  collections(): Promise<Collections>
  /** Lets go of the client; called once. */
  close(): Promise<void>
}

interface ConnectOptions {
  client?: MongoDBClientSource
  url?: string
  database?: string
  timeoutMs?: number
}

/** Borrows the client of the options, or opens their url. */
export function connect(options: ConnectOptions, names: CollectionNames): Connection {
  const { client, url, timeoutMs = defaultTimeoutMs } = options
  const opened = (source: MongoDBClient) => collectionsOf(openDatabase(source, options.database, timeoutMs), names)
  if (client && !url) return borrow(client, opened)
  if (url && !client) return open(url, timeoutMs, opened)
  throw new StorageError('configuration', 'MongoDBStore needs either the option client or the option url')
}

/** Uses clients that somebody else closes; a function may give another one after the last was closed. */
function borrow(source: MongoDBClientSource, opened: (client: MongoDBClient) => Collections): Connection {
  // That it failed is told by each call.
  if (source instanceof Promise) source.catch(() => {})
  let last: { client: MongoDBClient; collections: Collections; release: () => void } | undefined
  return {
    collections: async () => {
      const client = await (typeof source === 'function' ? source() : source)
      if (last?.client !== client) {
        const collections = opened(client)
        last?.release()
        last = { client, collections, release: guardErrors(client) }
        client.appendMetadata?.(driverInfo)
      }
      return last.collections
    },
    close: async () => last?.release(),
  }
}

/** A client with a pool of connections, made at the first command. Needs the package mongodb. */
function open(url: string, timeoutMs: number, opened: (client: MongoDBClient) => Collections): Connection {
  if (!/^mongodb(\+srv)?:\/\//.test(url))
    throw new StorageError('configuration', 'the option url must begin with mongodb:// or mongodb+srv://')
  let made: Promise<{ client: MongoClient; collections: Collections }> | undefined
  const make = async () => {
    const client = await createClient(url, timeoutMs)
    return { client, collections: opened(client) }
  }
  return {
    collections: async () => {
      made ??= make()
      return (await made).collections
    },
    close: async () => {
      const { client } = (await made?.catch(() => undefined)) ?? {}
      await client?.close()
    },
  }
}

async function createClient(url: string, timeoutMs: number): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb').catch((cause: unknown) => {
    throw new StorageError('configuration', 'the option url needs the package mongodb: npm install mongodb', { cause })
  })
  try {
    const client = new MongoClient(url, {
      driverInfo,
      connectTimeoutMS: timeoutMs,
      // A server that is silently gone would keep its connections for good.
      socketTimeoutMS: timeoutMs,
      // Told before the call is late, that there is no server.
      serverSelectionTimeoutMS: Math.ceil(timeoutMs / 2),
    })
    guardErrors(client)
    return client
  } catch {
    // Its error quotes the URL.
    const message = 'the option url is no connection string of MongoDB: `new MongoClient(url)` says what is wrong'
    throw new StorageError('configuration', message)
  }
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const driverInfo = { name: 'threadkeep', version }

/** Reads what was written, and waits until what it writes outlives a failover, whatever the client does by default. */
function openDatabase(client: MongoDBClient, name: string | undefined, timeoutMS: number): Database {
  const concern = client.writeConcern ?? {}
  if (concern.w === 0)
    throw new StorageError('configuration', 'the client of MongoDBStore must not have w: 0, which tells of no failure')
  const writeConcern = { ...concern, w: concern.w ?? 'majority' }
  // Documents must come as plain values.
  const values = { promoteValues: true, raw: false }
  return client.db(name, { readPreference: 'primary', writeConcern, timeoutMS, ...values }) as Database
}

/** The code of an error of the server, by its number, or of the client, by its name. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  const ofServer = [...codes].find(([, numbers]) => numbers.includes(Number(code)))?.[0]
  const text = `${error.name} ${code} ${error.message}`
  return ofServer ?? names.find(([pattern]) => pattern.test(text))?.[1]
}

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const codes = new Map<ErrorCode, readonly number[]>([
  ['conflict', [11_000, 11_001]],
  ['timeout', [24, 50, 64, 89, 202, 262]],
  [
    'unavailable',
    [
      6, 7, 11, 43, 46, 63, 91, 112, 133, 134, 150, 189, 9_001, 10_058, 10_107, 11_600, 11_601, 11_602, 13_388, 13_435,
      13_436,
    ],
  ],
  ['configuration', [13, 18, 20, 26, 59, 67, 72, 73, 79, 85, 86, 100, 166, 301, 323, 352, 8_000]],
  ['not_supported', [115, 238]],
  ['too_large', [10_334, 17_280, 17_419, 17_420]],
])

const names: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /authenticat|credential|certificate|SSL|TLS|MongoParse|MongoInvalidArgument|MongoMissing|MongoCompatib/i,
    'configuration',
  ],
  [/MongoOperationTimeout|MongoNetworkTimeout|WaitQueueTimeout/, 'timeout'],
  [/MongoNetwork|MongoServerSelection|MongoServerClosed|Pool|MongoNotConnected|MongoTopology/, 'unavailable'],
  [/MongoClientClosed|MongoExpiredSession|MongoStalePrimary|MongoSystem/, 'unavailable'],
  [/\b(ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|querySrv)\b/, 'unavailable'],
  [/ERR_OUT_OF_RANGE|larger than the maximum/, 'too_large'],
]

/** What `check()` says. */
export async function survey(collections: Collections): Promise<Finding[]> {
  const before = Date.now()
  const hello = (await collections.db.command({ hello: 1 }, { readPreference: 'primary' })) as Hello
  const clock = clockFinding(new Date(hello.localTime).getTime(), before, Date.now())
  return [...serverFindings(hello), await indexFinding(collections), durabilityFinding(collections), clock]
}

interface Hello {
  readonly isWritablePrimary?: boolean
  readonly localTime: Date
  readonly maxWireVersion: number
  readonly msg?: string
  readonly setName?: string
}

function serverFindings({ isWritablePrimary, maxWireVersion, msg, setName }: Hello): Finding[] {
  const what = setName === undefined ? 'a server on its own' : `the primary of replica set ${setName}`
  const reachable = finding('reachable', 'ok', msg === 'isdbgrid' ? 'a mongos answers' : `${what} answers`)
  if (maxWireVersion < 9) return [finding('version', 'error', 'the server is too old: it must be MongoDB 4.4 or later')]
  if (isWritablePrimary) return [reachable]
  return [finding('role', 'error', 'the server is not the primary: leave directConnection out of the url')]
}

function durabilityFinding({ db }: Collections): Finding {
  const w = db.writeConcern?.w
  if (w === 'majority') return finding('persistence', 'ok', 'a write is acknowledged by the majority')
  const message = `a failover loses writes that were acknowledged (w: ${w}): leave w out, or set it to majority`
  return finding('persistence', 'warning', message)
}

function finding(topic: string, level: Finding['level'], message: string): Finding {
  return { topic, level, message }
}
