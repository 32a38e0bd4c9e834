import type { StoreTargetOptions, SuiteContext } from '@threadkeep/conformance'
import { PostgresStore } from '../src/index.ts'

/** How another process of the suite opens the same database, which is set up already. */
export async function open(options: StoreTargetOptions, url: string): Promise<PostgresStore<SuiteContext>> {
  return new PostgresStore({ ...options, url })
}
