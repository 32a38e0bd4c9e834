import { checkPrefix, DriverStore, type StoreOptions } from '@threadkeep/core/driver'
import { plan } from './indexes.ts'
import { checkBodyLimit, namesOf } from './layout.ts'
import { connect, type MongoDBClient, type MongoDBClientSource } from './mongodb-client.ts'
import { MongoDBDriver } from './mongodb-driver.ts'

export type { MongoDBClient, MongoDBClientSource }

export interface MongoDBStoreOptions<TContext> extends StoreOptions<TContext> {
  /** A `MongoClient` of mongodb 6 or 7, a promise of one, or a function asked for one at every call; it is never closed. */
  client?: MongoDBClientSource
  /** `mongodb://` or `mongodb+srv://`, instead; its client is closed with the store. Needs the package mongodb. */
  url?: string
  /** Default: the one that the URL of the client names, else `test`, as mongodb has it. */
  database?: string
  /** What its collections begin with: names of `A-Z a-z 0-9 _ -` joined by `/`, there a dot. Default `threadkeep`. */
  prefix?: string
}

/** Threads, items and attachment records in MongoDB 4.4 or later; call `setup()` once before the first use. */
export class MongoDBStore<TContext = unknown> extends DriverStore<TContext> {
  /** What mongosh can run instead of `setup()`, and how to shard; nothing is sent. */
  readonly plan: () => string
  constructor(options: MongoDBStoreOptions<TContext>) {
    const names = namesOf(checkPrefix(options.prefix) || 'threadkeep')
    super(new MongoDBDriver(connect(options, names)), checkBodyLimit(options))
    this.plan = () => plan(names, options.database)
  }
}
