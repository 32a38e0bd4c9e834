import { randomInt } from 'node:crypto'
import { toSeed } from './case-order.ts'

/** What decides random cases: `THREADKEEP_SEED`, which `--seed` sets, or else another number each time. */
export function randomSeed(): number {
  return givenSeed() ?? randomInt(2 ** 31)
}

/** `THREADKEEP_SEED`, or `null`. */
export function givenSeed(): number | null {
  const { THREADKEEP_SEED } = process.env
  return THREADKEEP_SEED ? toSeed(THREADKEEP_SEED) : null
}

/** How somebody runs the random case again, on the command line and under vitest. */
export function onceMore(id: string, seed: number): string {
  return `--seed ${seed} --grep ${id}, or THREADKEEP_SEED=${seed}`
}
