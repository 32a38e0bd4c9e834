import { array, constantFrom, oneof, record, sample } from 'fast-check'
import type { Operation } from '../model/operation.ts'

/** How many clients there are, and what each does: at most 25 calls about one item, and those before. */
const clients = 4
const steps = 6

const base = { tenant: constantFrom(1), threadId: constantFrom('t1'), at: constantFrom('2026-01-01T12:00:00Z') }
const itemId = constantFrom('m1', 'm1', 'm2')
const version = constantFrom(0)
const writes = record({ ...base, itemId, version, call: constantFrom('addThreadItem' as const, 'saveItem' as const) })
const itemCalls = record({ ...base, itemId, call: constantFrom('loadItem' as const, 'deleteThreadItem' as const) })
const order = constantFrom('asc' as const, 'desc' as const)
const pages = { ...base, call: constantFrom('loadThreadItems' as const), after: constantFrom(null), order }
const wholePages = record({ ...pages, limit: constantFrom(99) })
const walks = record({ ...pages, limit: constantFrom(2, 3) })
const saves = record({ ...base, version, call: constantFrom('saveThread' as const) })
const threadCalls = record({ ...base, call: constantFrom('loadThread' as const, 'deleteThread' as const) })

/** Items that come and go in a thread that stays. */
const ofItems = oneof(
  { weight: 4, arbitrary: writes },
  { weight: 4, arbitrary: itemCalls },
  { weight: 2, arbitrary: wholePages },
  { weight: 1, arbitrary: walks },
)

/** A thread that comes and goes with its items. */
const ofThreads = oneof(
  { weight: 5, arbitrary: writes },
  { weight: 3, arbitrary: itemCalls },
  { weight: 3, arbitrary: wholePages },
  { weight: 2, arbitrary: saves },
  { weight: 2, arbitrary: threadCalls },
)

/** A round: for each client its calls, in each of which every write has a version of its own, from 1. */
export type Round = readonly (readonly Operation[])[]

export function roundsOf(kind: 'items' | 'threads', count: number, seed: number): Round[] {
  const calls = array<Operation>(kind === 'items' ? ofItems : ofThreads, { minLength: steps, maxLength: steps })
  const rounds = sample(array(calls, { minLength: clients, maxLength: clients }), { numRuns: count, seed })
  return rounds.map((round) => {
    let last = 0
    return round.map((operations) =>
      operations.map((one) => {
        last += 1
        return 'version' in one ? { ...one, version: last } : one
      }),
    )
  })
}
