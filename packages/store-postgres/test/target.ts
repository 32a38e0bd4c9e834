import type { StoreTarget } from '@threadkeep/conformance'
import adapter from '../package.json' with { type: 'json' }
import { PostgresStore } from '../src/index.ts'

const url = String(process.env.THREADKEEP_TARGET_URL)

/** For the command line: a database that others use, too, and that is set up already. */
export const store: StoreTarget = {
  adapter,
  open: async (options) => new PostgresStore({ ...options, url }),
  otherProcess: async () => ({ module: new URL('./other-process.ts', import.meta.url), argument: url }),
}
