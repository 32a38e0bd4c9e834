import assert from 'node:assert/strict'
import { DriverStore, type StoreDriver } from '@threadkeep/core/driver'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listMutants } from '../../mutants/list-mutants.ts'
import { withFault } from '../../mutants/mutant.ts'
import { runStoreCase } from '../run-store-case.ts'
import { storeCases } from '../store-cases.ts'
import type { StoreTarget } from '../store-target.ts'

const names = ['THREADKEEP_SEED', 'THREADKEEP_MODEL_PATH', 'THREADKEEP_MODEL_RUNS'] as const
let before: NodeJS.ProcessEnv
beforeEach(() => {
  before = { ...process.env }
  for (const name of names) delete process.env[name]
})
afterEach(() => {
  process.env = before
})

it('a difference is told by the fewest calls that show it, and is met again with its seed and its path', async () => {
  process.env.THREADKEEP_SEED = '7'
  const first = await failureOf('an unknown cursor is an empty page')
  expect(first).toMatch(
    /1\. tenant 1: saveThread.*\n +2\. tenant \d: loadThreads\(after "t\d".*\n +expected: invalid_cursor/,
  )
  expect(first).toMatch(
    /came: +\{"data":\[\],"has_more":false,"after":null\}\n +once more: --seed 7 .*, or THREADKEEP_SEED=7;/,
  )
  expect(await failureOf('an unknown cursor is an empty page')).toBe(first)
  process.env.THREADKEEP_MODEL_PATH = /THREADKEEP_MODEL_PATH=(\S+)/.exec(first)?.[1] ?? assert.fail(first)
  process.env.THREADKEEP_MODEL_RUNS = '1'
  expect(await failureOf('an unknown cursor is an empty page')).toBe(first)
})

it('without a seed every run has another, which its failure names', async () => {
  const seeds = [1, 2].map(async () => {
    return /THREADKEEP_SEED=\d+/.exec(await failureOf('an unknown cursor is an empty page'))?.[0] ?? 'none'
  })
  const [one, other] = await Promise.all(seeds)
  expect(one).not.toBe('none')
  expect(one).not.toBe(other)
})

it('an error that core masks is told with what the driver threw', async () => {
  const driver = withFault<StoreDriver>(new MemoryStoreDriver(), {
    getThread: async () => {
      throw new Error('column "positon" does not exist')
    },
  })
  const failure = runStoreCase(caseOf('model/threads'), { open: async (options) => new DriverStore(driver, options) })
  await expect(failure).rejects.toThrow(/came: .*\(internal\): .*, caused by Error: column "positon" does not exist\n/)
})

it('a number of runs that is none fails', async () => {
  process.env.THREADKEEP_MODEL_RUNS = 'many'
  const failure = runStoreCase(caseOf('model/threads'), { open: async (options) => new MemoryStore(options) })
  await expect(failure).rejects.toThrow('THREADKEEP_MODEL_RUNS is a whole number from 1, not "many"')
})

it('a store that forgets deleted rows passes when it says so', async () => {
  const driver = new MemoryStoreDriver()
  const forgetful = withFault<StoreDriver>(driver, {
    listItems: async (key, range) => {
      const after = range.after === null ? null : { ...key, itemId: range.after }
      const known = after === null || (await driver.getItem(after)) || !(await driver.getThread(key))
      return known ? driver.listItems(key, range) : undefined
    },
  })
  const target: StoreTarget = {
    open: async (options) => new DriverStore(forgetful, options),
    gaps: { 'deleted-cursor': 'it forgets' },
  }
  expect(await runStoreCase(caseOf('model/items'), target)).toMatchObject({ status: 'declared gap' })
})

async function failureOf(fault: string): Promise<string> {
  const mutant = listMutants.find((one) => one.fault === fault) ?? assert.fail(fault)
  const driver = new MemoryStoreDriver()
  const open: StoreTarget['open'] = async (options) =>
    new DriverStore(withFault(driver, mutant.mutate(driver)), options)
  return runStoreCase(caseOf('model/threads'), { open }).then(
    () => assert.fail('it passed'),
    (error: Error) => error.message,
  )
}

function caseOf(id: string) {
  return storeCases.find((one) => one.id === id) ?? assert.fail(id)
}
