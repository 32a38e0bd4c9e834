import { DriverStore, type StoreOptions } from '@threadkeep/core/driver'
import { SqliteDriver } from './sqlite-driver.ts'

export interface SqliteStoreOptions<TContext> extends StoreOptions<TContext> {
  /** The database's file; `setup()` creates it. */
  path: string
}

/** Threads, items and attachment records in a file of SQLite; call `setup()` once before the first use. */
export class SqliteStore<TContext = unknown> extends DriverStore<TContext> {
  constructor(options: SqliteStoreOptions<TContext>) {
    super(new SqliteDriver(options.path), options)
  }
}
