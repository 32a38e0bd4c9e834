import { AssertionError } from 'node:assert/strict'
import type { Store } from '@threadkeep/core'
import { type Arbitrary, asyncProperty, check } from 'fast-check'
import { onceMore, randomSeed } from '../../random-seed.ts'
import type { SuiteContext } from '../../suite-context.ts'
import type { StoreTrial } from '../store-case.ts'
import { answerOf, inWords, perform } from './operation.ts'
import type { Plan } from './plans.ts'

const defaultRuns = 100

interface Difference {
  readonly at: number
  readonly expected: string
  readonly came: string
}

/** What a model case is called, and the random plans that it runs. */
export interface Model {
  readonly id: string
  readonly plans: Arbitrary<Plan>
}

/**
 * Runs random plans on the store under test and on a reference side by side, and rejects with the shortest plan after
 * which they answer differently. Each run has tenants of its own. `THREADKEEP_SEED` (by default another number each
 * time) decides the plans, `THREADKEEP_MODEL_RUNS` how many there are, `THREADKEEP_MODEL_PATH` replays one.
 */
export async function runModel(
  trial: StoreTrial,
  { id, plans }: Model,
  openReference: () => Store<SuiteContext>,
): Promise<void> {
  const { THREADKEEP_MODEL_PATH: path } = process.env
  const seed = randomSeed()
  let found: Difference | undefined
  const property = asyncProperty(plans, async (plan) => {
    const difference = await firstDifference(trial, openReference(), plan)
    found = difference ?? found
    return difference === undefined
  })
  const { failed, counterexample, counterexamplePath, errorInstance } = await check(property, {
    seed,
    numRuns: runs(),
    ...(path ? { path } : {}),
  })
  if (!failed) return
  if (!found || !counterexample) throw errorInstance ?? new Error('the runs ended early')
  const { at, expected, came } = found
  const calls = counterexample[0].slice(0, at + 1).map((one, index) => `  ${index + 1}. ${inWords(one)}`)
  const message = `after these calls the last is answered otherwise than it should be:\n${calls.join('\n')}
  expected: ${expected}\n  came:     ${came}
  once more: ${onceMore(id, seed)}; these calls alone: with THREADKEEP_MODEL_PATH=${counterexamplePath}`
  throw new AssertionError({ message, actual: came, expected, operator: 'fail' })
}

function runs(): number {
  const { THREADKEEP_MODEL_RUNS: text = '' } = process.env
  if (text === '') return defaultRuns
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new TypeError(`THREADKEEP_MODEL_RUNS is a whole number from 1, not ${JSON.stringify(text)}`)
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
