import { DriverStore, type StoreDriver } from '@threadkeep/core/driver'
import { MemoryStoreDriver } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { commandMutants } from '../../mutants/command-mutants.ts'
import { withFault } from '../../mutants/mutant.ts'
import { testCommands } from '../../vitest.ts'
import { type CommandTarget, countAmong, countFaults } from './command-counts.ts'
import { countCommands } from './count-commands.ts'
import { countedOperations } from './operations.ts'

const each = (count: number) => Object.fromEntries(Object.keys(countedOperations).map((name) => [name, count]))
const one: CommandTarget['declared'] = { ...each(1), 'ledger.getAttachment, then moveAttachment': 2 }
const methods = [
  ...(['getThread', 'putThread', 'deleteThread', 'listThreads'] as const),
  ...(['getItem', 'putItem', 'deleteItem', 'listItems'] as const),
  ...(['getAttachment', 'putAttachment', 'deleteAttachment'] as const),
  ...(['moveAttachment', 'releaseAttachments', 'listAttachments', 'listDue', 'listScopes'] as const),
]

testCommands('a store over a driver', { ...counted(), sizes: [10, 1_000, 50_000] })

describe('commands that grow with what is stored are told', () => {
  it.each(commandMutants)('$fault', async ({ operation, mutate }) => {
    const target = counted((driver) => withFault(driver, mutate(driver)))
    const counts = new Map([
      [10, await countAmong(10, target)],
      [50, await countAmong(50, target)],
    ])
    const faults = countFaults(counts, each(1_000))
    expect(faults.join()).toMatch(new RegExp(`${operation} grows: \\d+ among 10, \\d+ among 50`))
    expect(countFaults(counts, one).join()).toMatch(new RegExp(`${operation}: .*; declared: 1`))
  })
})

it('an operation that is not declared is told', async () => {
  const { loadThread, ...declared } = one
  const target = counted()
  const faults = countFaults(new Map([[10, await countAmong(10, target)]]), declared)
  expect(faults).toEqual([`loadThread: ${loadThread} among 10; declared: 0`])
})

describe('a counted client', () => {
  it('is the client, which is asked for everything', async () => {
    const { client, commands, sent, reset } = countCommands(new Map([['a', 1]]), ['get', 'set'])
    expect([client.get('a'), client.set('b', 2).size, client.size, client.has('b')]).toEqual([1, 2, 2, true])
    expect(commands()).toBe(2)
    expect(sent()).toEqual([
      { method: 'get', args: ['a'] },
      { method: 'set', args: ['b', 2] },
    ])
    reset()
    expect(commands()).toBe(0)
  })

  it('must have the methods that are counted', () => {
    expect(() => countCommands(new Map(), ['size'])).toThrow('the client has no method size to count')
  })
})

function counted(mutate = (driver: StoreDriver) => driver): CommandTarget {
  const { client, ...counter } = countCommands<StoreDriver>(new MemoryStoreDriver(), methods)
  return { open: async (options) => new DriverStore(mutate(client), options), counter, declared: one }
}
