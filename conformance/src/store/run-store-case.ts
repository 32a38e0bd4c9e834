import assert from 'node:assert/strict'
import type { Store } from '@threadkeep/core'
import { hasLedger } from '@threadkeep/core/driver'
import { BrokenPromise } from '../broken-promise.ts'
import { checkGaps, tryPromise } from '../gaps.ts'
import type { Outcome } from '../outcome.ts'
import { attachment, message, randomName, thread } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'
import { NoisyNeighbour } from './noisy-neighbour.ts'
import type { StoreCase, StoreTrial } from './store-case.ts'
import { storeCases } from './store-cases.ts'
import type { StoreTarget } from './store-target.ts'

/** Runs one case on a store of the target beside a noisy neighbour; rejects with `BrokenPromise` when it fails. */
export async function runStoreCase(storeCase: StoreCase, target: StoreTarget): Promise<Outcome> {
  checkGaps(target.gaps, [storeCase, ...storeCases])
  const opened: Store<SuiteContext>[] = []
  const open: StoreTrial['open'] = async (options = {}) => {
    const store = await target.open({ scope: ({ scope }) => scope, ...options })
    opened.push(store)
    return store
  }
  try {
    return await runOn(await open(), open, storeCase, target)
  } catch (error) {
    throw new BrokenPromise(storeCase.id, storeCase.promise, error)
  } finally {
    await Promise.allSettled(opened.map((store) => store.close()))
  }
}

async function runOn(
  store: Store<SuiteContext>,
  open: StoreTrial['open'],
  storeCase: StoreCase,
  { gaps, otherProcess }: StoreTarget,
): Promise<Outcome> {
  if (storeCase.needs === 'ledger' && !hasLedger(store))
    return { status: 'skipped', reason: 'this store has no ledger' }
  if (storeCase.needs === 'another process' && !otherProcess)
    return { status: 'skipped', reason: 'no other process can open this backend' }
  return await tryPromise(storeCase, gaps, async (look) => {
    const name = randomName()
    const neighbour = new NoisyNeighbour(store, { scope: `TENANT-${name}` })
    await neighbour.moveIn()
    await look(Object.assign(trialOf(store, open, `tenant-${name}`), otherProcess && { otherProcess }))
    await neighbour.expectUntouched()
  })
}

function trialOf(store: Store<SuiteContext>, open: StoreTrial['open'], scope: string): StoreTrial {
  return {
    store,
    get ledger() {
      assert.ok(hasLedger<SuiteContext>(store), 'this store has no ledger')
      return store.ledger
    },
    context: { scope },
    stranger: (mark = '') => ({ scope: `tenant-${randomName()}${mark}` }),
    open,
    thread,
    message,
    attachment,
  }
}
