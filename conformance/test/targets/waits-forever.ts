import type { Store } from '@threadkeep/core'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget, SuiteContext } from '../../src/index.ts'
import { withFault } from '../../src/mutants/mutant.ts'

const driver = new MemoryStoreDriver()

/** Never answers when items are asked for; says when it is asked, and when it is closed. */
export const store: StoreTarget = {
  name: 'slow & hand-written',
  adapter: { name: 'memory', version: '1.2.3' },
  open: async (options) =>
    withFault<Store<SuiteContext>>(new MemoryStore<SuiteContext>({ ...options, driver }), {
      loadItem: () => {
        console.log('asked for an item')
        return new Promise(() => {})
      },
    }),
  close: async () => console.log('closed'),
}
