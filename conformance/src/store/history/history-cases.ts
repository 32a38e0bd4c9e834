import { onceMore, randomSeed } from '../../random-seed.ts'
import type { StoreCase, StoreTrial } from '../store-case.ts'
import { expectExplained } from './expect-explained.ts'
import { clientPlans, type Instance, instanceOf, runTogether } from './instance.ts'
import { withOtherProcess } from './other-process.ts'
import { runClient } from './recorded-call.ts'
import { type Round, roundsOf } from './rounds.ts'

const rounds = 40
const stays = ['s1', 's2', 's3', 's4', 's5', 's6']

export const historyCases: readonly StoreCase[] = [
  {
    id: 'concurrency/history-of-items',
    promise: 'What clients of two instances see of items that others write and delete is explained by one order.',
    slow: true,
    run: async (trial) => {
      const instances = [instanceOf(await trial.open()), instanceOf(trial.store)]
      await runRounds(trial, instances, { id: 'concurrency/history-of-items', kind: 'items' })
    },
  },
  {
    id: 'concurrency/history-of-threads',
    promise:
      'What clients of two instances see of a thread that comes and goes with its items is explained by one order.',
    slow: true,
    run: async (trial) => {
      const instances = [instanceOf(await trial.open()), instanceOf(trial.store)]
      await runRounds(trial, instances, { id: 'concurrency/history-of-threads', kind: 'threads' })
    },
  },
  {
    id: 'concurrency/history-of-two-processes',
    promise: 'What clients of two processes see of a thread and its items is explained by one order of their calls.',
    slow: true,
    needs: 'another process',
    run: (trial) =>
      withOtherProcess(trial, async (other) => {
        const instances = [other, instanceOf(trial.store)]
        for (const kind of ['items', 'threads'] as const) {
          await runRounds(trial, instances, { id: 'concurrency/history-of-two-processes', kind })
        }
      }),
  },
]

/** A seed decides what the clients do; how their calls meet is another story each time. */
async function runRounds(
  trial: StoreTrial,
  instances: readonly Instance[],
  { id, kind }: { readonly id: string; readonly kind: 'items' | 'threads' },
): Promise<void> {
  const seed = randomSeed()
  for (const [index, round] of roundsOf(kind, rounds, seed).entries()) {
    try {
      await runRound(trial, instances, round, kind === 'items' ? stays : [])
    } catch (error) {
      if (error instanceof Error) error.message = `in round ${index + 1} (${onceMore(id, seed)}): ${error.message}`
      throw error
    }
  }
}

async function runRound(
  { store, stranger, message }: StoreTrial,
  instances: readonly Instance[],
  round: Round,
  stays: readonly string[],
): Promise<void> {
  const context = stranger()
  const thread = { call: 'saveThread', tenant: 1, threadId: 't1', version: 0, at: '2026-01-01T12:00:00Z' } as const
  const before = await runClient(store, context, 'before', [thread])
  for (const [index, id] of stays.entries()) {
    const hour = index < stays.length / 2 ? 11 : 13
    await store.addThreadItem('t1', message('t1', id, `2026-01-01T${hour}:00:00Z`), context)
  }
  const calls = await runTogether(instances, clientPlans(instances.length, round, context))
  expectExplained([...before, ...calls], ['m1', 'm2'], stays)
}
