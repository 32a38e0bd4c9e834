import type { Store } from '@threadkeep/core'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget, SuiteContext } from '../../src/index.ts'
import { withFault } from '../../src/mutants/mutant.ts'

const driver = new MemoryStoreDriver()

/** Loads items well, and fails at something else that nobody awaits. */
export const store: StoreTarget = {
  open: async (options) => {
    const memory = new MemoryStore<SuiteContext>({ ...options, driver })
    return withFault<Store<SuiteContext>>(memory, {
      loadItem: (...args) => {
        void Promise.reject(new Error('the cache is away'))
        return memory.loadItem(...args)
      },
    })
  },
}
