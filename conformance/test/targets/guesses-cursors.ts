import { DriverStore } from '@threadkeep/core/driver'
import { MemoryStoreDriver } from '@threadkeep/core/memory'
import type { StoreTarget } from '../../src/index.ts'
import { withFault } from '../../src/mutants/mutant.ts'

const driver = new MemoryStoreDriver()

/** Gives an empty page for a cursor that it does not know. */
export const store: StoreTarget = {
  adapter: async () => ({ name: '@me/guesses-cursors', version: '1.2.3' }),
  open: async (options) =>
    new DriverStore(
      withFault(driver, { listThreads: async (scope, range) => (await driver.listThreads(scope, range)) ?? [] }),
      options,
    ),
}
