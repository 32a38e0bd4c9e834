import assert from 'node:assert/strict'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { expect, it, onTestFinished } from 'vitest'
import { serve } from '../../serve.ts'
import { runStoreCase } from '../run-store-case.ts'
import { storeCases } from '../store-cases.ts'
import type { OtherProcess } from '../store-target.ts'

const overHttp = new URL('../../../test/processes/store-over-http.ts', import.meta.url)
const ofItsOwn = new URL('../../../test/processes/store-of-its-own.ts', import.meta.url)
const driver = new MemoryStoreDriver()

it('two processes that share a backend pass', async () => {
  const server = await serve(async (request) => {
    const { method, args } = Object(await request.json())
    const call: unknown = Reflect.get(driver, method)
    assert.ok(typeof call === 'function')
    return Response.json({ result: await call.apply(driver, args) })
  })
  onTestFinished(() => server.close())
  const outcome = await run({ module: overHttp, argument: server.url })
  expect(outcome).toEqual({ status: 'passed' })
})

it('two processes that share nothing are told by the calls that contradict each other', async () => {
  const failure = run({ module: ofItsOwn })
  await expect(failure).rejects.toThrow(/no order of these calls explains .*\n(.* was answered with .*\n)+/)
})

it('a process that cannot begin fails the case', async () => {
  await expect(run({ module: 'data:text/javascript,process.exit(7)' })).rejects.toThrow(
    'the other process ended with 7',
  )
})

it('without a way into another process the case is skipped, and says so', async () => {
  expect(await run()).toEqual({ status: 'skipped', reason: 'no other process can open this backend' })
})

function run(other?: OtherProcess) {
  const one = storeCases.find(({ id }) => id === 'concurrency/history-of-two-processes') ?? assert.fail()
  const otherProcess = other && { otherProcess: async () => other }
  return runStoreCase(one, { open: async (options) => new MemoryStore({ ...options, driver }), ...otherProcess })
}
