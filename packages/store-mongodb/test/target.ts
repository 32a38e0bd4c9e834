import type { StoreTarget } from '@threadkeep/conformance'
import adapter from '../package.json' with { type: 'json' }
import { MongoDBStore } from '../src/index.ts'

const place = JSON.parse(String(process.env.THREADKEEP_TARGET_PLACE))

/** For the command line: a database that others use, too, and that is set up already. */
export const store: StoreTarget = {
  adapter,
  open: async (options) => new MongoDBStore({ ...options, ...place }),
  otherProcess: async () => ({
    module: new URL('./other-process.ts', import.meta.url),
    argument: JSON.stringify(place),
  }),
}
