import type { Store } from '@threadkeep/core'
import { MemoryStore } from '@threadkeep/core/memory'
import type { StoreTargetOptions, SuiteContext } from '../../src/index.ts'

/** A store that shares nothing with other processes. */
export async function open(options: StoreTargetOptions): Promise<Store<SuiteContext>> {
  return new MemoryStore(options)
}
