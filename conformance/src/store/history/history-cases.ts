import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { toSeed } from '../../case-order.ts'
import type { StoreCase, StoreTrial } from '../store-case.ts'
import { expectExplained } from './expect-explained.ts'
import { type Instance, instanceOf, runTogether } from './instance.ts'
import { forkInstance } from './other-process.ts'
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
      await runRounds(trial, instances, 'items')
    },
  },
  {
    id: 'concurrency/history-of-threads',
    promise:
      'What clients of two instances see of a thread that comes and goes with its items is explained by one order.',
    slow: true,
    run: async (trial) => {
      const instances = [instanceOf(await trial.open()), instanceOf(trial.store)]
      await runRounds(trial, instances, 'threads')
    },
  },
  {
    id: 'concurrency/history-of-two-processes',
    promise: 'What clients of two processes see of a thread and its items is explained by one order of their calls.',
    slow: true,
    needs: 'another process',
    run: async (trial) => {
      assert.ok(trial.otherProcess, 'no other process can open this backend')
      const other = await forkInstance(await trial.otherProcess())
      try {
        for (const kind of ['items', 'threads'] as const) await runRounds(trial, [other, instanceOf(trial.store)], kind)
      } finally {
        await other.close()
      }
    },
  },
]

/** `THREADKEEP_SEED` decides what the clients do; how their calls meet is another story each time. */
async function runRounds(trial: StoreTrial, instances: readonly Instance[], kind: 'items' | 'threads'): Promise<void> {
  const { THREADKEEP_SEED } = process.env
  const seed = THREADKEEP_SEED ? toSeed(THREADKEEP_SEED) : randomInt(2 ** 31)
  for (const [index, round] of roundsOf(kind, rounds, seed).entries()) {
    try {
      await runRound(trial, instances, round, kind === 'items' ? stays : [])
    } catch (error) {
      if (error instanceof Error) error.message += `\n  in round ${index + 1} with THREADKEEP_SEED=${seed}`
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
  const plans = instances.map((_, number) => ({
    context,
    clients: round.flatMap((operations, client) =>
      client % instances.length === number
        ? [{ name: `client ${client + 1} of instance ${number + 1}`, operations }]
        : [],
    ),
  }))
  const calls = await runTogether(instances, plans)
  expectExplained([...before, ...calls], ['m1', 'm2'], stays)
}
