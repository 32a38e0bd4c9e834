import assert from 'node:assert/strict'
import type { StoreDriver } from '@threadkeep/core/driver'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { expect, it, onTestFinished } from 'vitest'
import { withFault } from '../../mutants/mutant.ts'
import { serve } from '../../serve.ts'
import { runStoreCase } from '../run-store-case.ts'
import { storeCases } from '../store-cases.ts'
import type { OtherProcess } from '../store-target.ts'

const overHttp = new URL('../../../test/processes/store-over-http.ts', import.meta.url)
const ofItsOwn = new URL('../../../test/processes/store-of-its-own.ts', import.meta.url)
const twoHistories = 'concurrency/history-of-two-processes'
const driver = new MemoryStoreDriver()

it.each([twoHistories, 'concurrency/order-of-two-processes'])(
  'two processes that share a backend pass %s',
  async (id) => {
    expect(await run(await served(driver), id)).toEqual({ status: 'passed' })
  },
)

it.each<[string, Partial<StoreDriver>, RegExp]>([
  [
    'take their own time for that of created_at',
    { putItem: (key, { position, body }) => driver.putItem(key, { position: position.slice(20), body }) },
    /comes before m/,
  ],
  [
    'order by id what has the same created_at',
    {
      putItem: (key, { position, body }) =>
        driver.putItem(key, { position: `${position.slice(0, 20)}${key.itemId}`, body }),
    },
    /comes before m/,
  ],
  [
    'walk backwards in another order',
    {
      listItems: async (key, range) => {
        const rows = await driver.listItems(key, range)
        return range.order === 'desc' ? rows?.toSorted((a, b) => (a.body < b.body ? 1 : -1)) : rows
      },
    },
    /gives another order than walk 1 of/,
  ],
])('two processes whose rows %s are told by the rows', async (_, faulty, message) => {
  const failure = run(await served(withFault<StoreDriver>(driver, faulty)), 'concurrency/order-of-two-processes')
  await expect(failure).rejects.toThrow(message)
})

it('two processes that share nothing are told by the calls that contradict each other', async () => {
  const failure = run({ module: ofItsOwn })
  await expect(failure).rejects.toThrow(
    /in round 1 \(--seed .*no order of these calls explains .*(\n.* was answered with .*)+/,
  )
})

it('a process that cannot begin fails the case', async () => {
  await expect(run({ module: 'data:text/javascript,process.exit(7)' })).rejects.toThrow(
    'the other process ended with 7',
  )
})

it('without a way into another process the case is skipped, and says so', async () => {
  expect(await run()).toEqual({ status: 'skipped', reason: 'no other process can open this backend' })
})

/** A process that asks this one's driver over HTTP. */
async function served(shared: StoreDriver): Promise<OtherProcess> {
  const server = await serve(async (request) => {
    const { method, args } = Object(await request.json())
    const call: unknown = Reflect.get(shared, method)
    assert.ok(typeof call === 'function')
    return Response.json({ result: await call.apply(shared, args) })
  })
  onTestFinished(() => server.close())
  return { module: overHttp, argument: server.url }
}

function run(other?: OtherProcess, id = twoHistories) {
  const one = storeCases.find((each) => each.id === id) ?? assert.fail()
  const otherProcess = other && { otherProcess: async () => other }
  return runStoreCase(one, { open: async (options) => new MemoryStore({ ...options, driver }), ...otherProcess })
}
