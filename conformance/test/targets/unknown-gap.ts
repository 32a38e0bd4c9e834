import { MemoryStore } from '@threadkeep/core/memory'
import type { StoreTarget, SuiteContext } from '../../src/index.ts'

/** Declares what no case knows. */
export const store: Omit<StoreTarget, 'gaps'> = Object.assign(
  { open: async () => new MemoryStore<SuiteContext>({ scope: () => 'x' }) },
  { gaps: { 'no-threads': 'it has none' } },
)
