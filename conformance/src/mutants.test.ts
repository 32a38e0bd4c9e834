import assert from 'node:assert/strict'
import type { Store } from '@threadkeep/core'
import { DriverStore, type StoreDriver } from '@threadkeep/core/driver'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { BrokenPromise } from './broken-promise.ts'
import { ledgerMutants } from './mutants/ledger-mutants.ts'
import { listMutants } from './mutants/list-mutants.ts'
import { withFault } from './mutants/mutant.ts'
import { raceMutants } from './mutants/race-mutants.ts'
import { recordMutants } from './mutants/record-mutants.ts'
import { storeMutants } from './mutants/store-mutants.ts'
import { runStoreCase } from './store/run-store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'
import type { SuiteContext } from './suite-context.ts'

describe('a store whose driver has a fault is caught', () => {
  for (const mutant of [...recordMutants, ...listMutants, ...ledgerMutants, ...raceMutants]) {
    it(`${mutant.fault}: by ${mutant.caughtBy}`, async () => {
      const driver: StoreDriver = new MemoryStoreDriver()
      await expectCaught(over(withFault(driver, mutant.mutate(driver))), mutant.caughtBy)
    })
  }
})

describe('a hand-written store with a fault is caught', () => {
  for (const mutant of storeMutants) {
    it(`${mutant.fault}: by ${mutant.caughtBy}`, async () => {
      const driver = new MemoryStoreDriver()
      const target: StoreTarget = {
        open: async (options) => {
          const store = new MemoryStore({ ...(mutant.options?.(options) ?? options), driver })
          return withFault<Store<SuiteContext>>(store, mutant.mutate?.(store) ?? {})
        },
      }
      await expectCaught(target, mutant.caughtBy)
    })
  }
})

async function expectCaught(target: StoreTarget, id: string): Promise<void> {
  const storeCase = storeCases.find((one) => one.id === id)
  assert.ok(storeCase, `there is no case ${id}`)
  await runStoreCase(storeCase, over(new MemoryStoreDriver()))
  await expect(runStoreCase(storeCase, target)).rejects.toThrow(BrokenPromise)
}

function over(driver: StoreDriver): StoreTarget {
  return { open: async (options) => new DriverStore(driver, options) }
}
