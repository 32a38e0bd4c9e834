import { InternalServerError, type Store } from '@threadkeep/core'
import { MemoryStore } from '@threadkeep/core/memory'
import type { StoreTarget, SuiteContext } from '../../src/index.ts'
import { withFault } from '../../src/mutants/mutant.ts'

/** Its backend answers, but has no tables. */
export const store: StoreTarget = {
  open: async (options) =>
    withFault<Store<SuiteContext>>(new MemoryStore<SuiteContext>(options), {
      loadThread: async () => {
        const cause = Object.assign(new Error('relation "threads" does not exist'), { code: '42P01' })
        throw new InternalServerError('my-store: loadThread failed', { cause })
      },
    }),
}
