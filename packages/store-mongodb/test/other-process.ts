import type { StoreTargetOptions, SuiteContext } from '@threadkeep/conformance'
import { MongoDBStore } from '../src/index.ts'

/** How another process of the suite opens the same database, which is set up already. */
export async function open(options: StoreTargetOptions, place: string): Promise<MongoDBStore<SuiteContext>> {
  return new MongoDBStore({ ...options, ...JSON.parse(place) })
}
