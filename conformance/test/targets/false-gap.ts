import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget } from '../../src/index.ts'

const driver = new MemoryStoreDriver()

/** Keeps the promise that it says it cannot keep. */
export const store: StoreTarget = {
  open: async (options) => new MemoryStore({ ...options, driver }),
  gaps: { 'deleted-cursor': 'this backend forgets deleted rows' },
}
