import { createServer } from 'node:net'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget } from '../../src/index.ts'

const driver = new MemoryStoreDriver()
createServer().listen(0, '127.0.0.1')

/** Leaves a server behind. */
export const store: StoreTarget = { open: async (options) => new MemoryStore({ ...options, driver }) }
