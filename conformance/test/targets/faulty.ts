import { InternalServerError, type Store } from '@threadkeep/core'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget, SuiteContext } from '../../src/index.ts'
import { withFault } from '../../src/mutants/mutant.ts'

const driver = new MemoryStoreDriver()

/** Replaces titles, and cannot load an item without telling where it runs. */
export const store: StoreTarget = {
  open: async (options) => {
    const memory = new MemoryStore<SuiteContext>({ ...options, driver })
    return withFault<Store<SuiteContext>>(memory, {
      loadThread: async (id, context) => ({ ...(await memory.loadThread(id, context)), title: 'Untitled' }),
      loadItem: async () => {
        const cause = new Error('no answer from db://user:secret@db.example:1/x at 10.1.2.3:5432, see /var/log/db.log')
        throw new InternalServerError('hand-written: loadItem failed', { cause })
      },
    })
  },
  close: async () => {
    throw new Error('it does not close')
  },
}
