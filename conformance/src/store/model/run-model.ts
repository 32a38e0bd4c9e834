import { AssertionError } from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { Store } from '@threadkeep/core'
import { type Arbitrary, asyncProperty, check } from 'fast-check'
import { toSeed } from '../../case-order.ts'
import type { SuiteContext } from '../../suite-context.ts'
import type { StoreTrial } from '../store-case.ts'
import { answerOf, inWords, perform } from './operation.ts'
import type { Plan } from './plans.ts'

interface Difference {
  readonly at: number
  readonly expected: string
  readonly came: string
}

/**
 * Runs random plans on the store under test and on a reference side by side, and rejects with the shortest plan after
 * which they answer differently. Each run has tenants of its own. `THREADKEEP_SEED` (by default another number each
 * time) decides the plans, `THREADKEEP_MODEL_RUNS` how many there are, `THREADKEEP_MODEL_PATH` replays one.
 */
export async function runModel(
  trial: StoreTrial,
  plans: Arbitrary<Plan>,
  openReference: () => Store<SuiteContext>,
): Promise<void> {
  const { THREADKEEP_SEED, THREADKEEP_MODEL_RUNS, THREADKEEP_MODEL_PATH: path } = process.env
  const seed = THREADKEEP_SEED ? toSeed(THREADKEEP_SEED) : randomInt(2 ** 31)
  const numRuns = Number(THREADKEEP_MODEL_RUNS || 100)
  let found: Difference | undefined
  const property = asyncProperty(plans, async (plan) => {
    const difference = await firstDifference(trial, openReference(), plan)
    found = difference ?? found
    return difference === undefined
  })
  const { failed, counterexample, counterexamplePath, errorInstance } = await check(property, {
    seed,
    numRuns,
    ...(path ? { path } : {}),
  })
  if (!failed) return
  if (!found || !counterexample) throw errorInstance ?? new Error('the runs ended early')
  const { at, expected, came } = found
  const calls = counterexample[0].slice(0, at + 1).map((one, index) => `  ${index + 1}. ${inWords(one)}`)
  const replay = `THREADKEEP_SEED=${seed} THREADKEEP_MODEL_PATH=${counterexamplePath}`
  const message = `after these calls the last is answered otherwise than it should be:\n${calls.join('\n')}
  expected: ${expected}\n  came:     ${came}\n  once more: ${replay}`
  throw new AssertionError({ message, actual: came, expected })
}

async function firstDifference(
  { store, stranger }: StoreTrial,
  reference: Store<SuiteContext>,
  plan: Plan,
): Promise<Difference | undefined> {
  const tenants = [stranger(), stranger(), stranger()]
  for (const [at, operation] of plan.entries()) {
    const context = tenants[operation.tenant] ?? stranger()
    const expected = await answerOf(perform(reference, operation, context))
    const came = await answerOf(perform(store, operation, context))
    if (came !== expected) return { at, expected, came }
  }
  return undefined
}
