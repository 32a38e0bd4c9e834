import { DriverStore, type StoreOptions } from '@threadkeep/core/driver'
import { checkSchema, migrations } from './migrations.ts'
import { connect, type PostgresClient } from './postgres-client.ts'
import { PostgresDriver } from './postgres-driver.ts'

export type { PostgresClient }

export interface PostgresStoreOptions<TContext> extends StoreOptions<TContext> {
  /** A `Pool` or `Client` of pg, a PGlite, a Neon client, or whatever has their `query`; it is never closed. */
  client?: PostgresClient
  /** A connection string, instead of a client; the pool behind it is closed with the store. Needs the package pg. */
  url?: string
  /** The schema its tables live in, 1 to 63 bytes. Default `threadkeep`. */
  schema?: string
}

/** Threads, items and attachment records in Postgres 13 or later; call `setup()` once before the first use. */
export class PostgresStore<TContext = unknown> extends DriverStore<TContext> {
  readonly #schema: string
  constructor(options: PostgresStoreOptions<TContext>) {
    const schema = checkSchema(options.schema ?? 'threadkeep')
    super(new PostgresDriver(connect(options), schema), options)
    this.#schema = schema
  }

  /** The SQL that `setup()` runs, for people who apply it themselves; nothing is sent. */
  plan(): string {
    return `${migrations(this.#schema).join(';\n\n')};\n`
  }
}
