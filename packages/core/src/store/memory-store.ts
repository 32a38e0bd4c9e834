import { DriverStore, type StoreOptions } from './driver-store.ts'
import { MemoryStoreDriver } from './memory-store-driver.ts'

export interface MemoryStoreOptions<TContext> extends StoreOptions<TContext> {
  /** The memory of another store, to share it. Default: a memory of its own. */
  driver?: MemoryStoreDriver
}

/** The reference store, for tests and first steps; nothing outlives the process. */
export class MemoryStore<TContext = unknown> extends DriverStore<TContext> {
  constructor(options: MemoryStoreOptions<TContext>) {
    super(options?.driver ?? new MemoryStoreDriver(), options)
  }
}
