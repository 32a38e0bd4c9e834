import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import type { StoreCase, StoreTrial } from './store-case.ts'
import { idsOf } from './walk.ts'

/** In the order of their instants; compared as text, or read as local time, they come in another. */
const instants = [
  '-000001-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '1969-07-20T20:17:40Z',
  '1970-01-01T00:00:00Z',
  '1970-01-01T00:00:00.000001Z',
  '2026-03-01T02:30:00+05:30',
  '2026-02-28T23:30:00-02:00',
  '2026-03-01T12:00:00',
  '2026-03-01T12:00:00.000001',
  '2026-03-01T12:00:00.1Z',
  '2026-03-01 12:00:00.100001Z',
  '2026-03-01T12:00:00.100002+00:00',
  '2026-03-01T16:00:00.2+04:00',
  '2026-03-01T12:00:00.200300Z',
  '2026-03-01T12:00:01Z',
  '2026-03-01T12:00:01.001Z',
  '9999-12-31T23:59:59.999999Z',
]

export const orderCases: readonly StoreCase[] = [
  {
    id: 'order/instants',
    promise: 'Items come by the instant of created_at, to the microsecond; without a zone it means UTC.',
    async run(trial) {
      const shuffled = instants.map((_, index) => (index * 7) % instants.length)
      await trial.store.saveThread(trial.thread('t1'), trial.context)
      for (const index of shuffled) {
        await trial.store.addThreadItem('t1', trial.message('t1', `m${index}`, instants[index]), trial.context)
      }
      await expectOrder(
        trial,
        instants.map((_, index) => `m${index}`),
      )
    },
  },
  {
    id: 'order/instants-of-threads',
    promise: 'Threads come by the instant of created_at, to the microsecond; without a zone it means UTC.',
    async run({ store, context, thread }) {
      const shuffled = instants.map((_, index) => (index * 5) % instants.length)
      for (const index of shuffled) await store.saveThread(thread(`t${index}`, instants[index]), context)
      const ids = idsOf(await store.loadThreads(99, null, 'asc', context))
      expectSame(
        ids.map((id) => instants[Number(id.slice(1))]),
        instants,
        'asc',
      )
      expectSame(idsOf(await store.loadThreads(99, null, 'desc', context)), ids.toReversed(), 'desc')
    },
  },
  {
    id: 'order/same-string-back',
    promise: 'created_at comes back as the string it went in, however it was written.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      for (const created_at of [...instants, 'yesterday', '', '2026-02-30T00:00:00Z']) {
        await store.saveThread(thread('t2', created_at), context)
        await store.saveItem('t1', message('t1', 'm1', created_at), context)
        assert.equal((await store.loadThread('t2', context)).created_at, created_at, 'of a thread')
        assert.equal((await store.loadItem('t1', 'm1', context)).created_at, created_at, 'of an item')
      }
    },
  },
  {
    id: 'order/same-instant',
    promise: 'Writings of one instant are ties: insertion decides.',
    async run(trial) {
      const same = [
        '2026-03-01T12:00:00Z',
        '2026-03-01T13:00:00+01:00',
        '2026-03-01T12:00:00.000000',
        '2026-03-01T12:00Z',
      ]
      await trial.store.saveThread(trial.thread('t1'), trial.context)
      for (const [index, created_at] of same.entries()) {
        await trial.store.addThreadItem('t1', trial.message('t1', `m${9 - index}`, created_at), trial.context)
      }
      await expectOrder(trial, ['m9', 'm8', 'm7', 'm6'])
    },
  },
  {
    id: 'order/unreadable',
    promise: 'An unreadable or missing created_at counts as the moment of saving, and is no error.',
    async run(trial) {
      const { store, context, message } = trial
      const now = Date.now()
      await store.saveThread(trial.thread('t1'), context)
      await store.addThreadItem('t1', message('t1', 'late', new Date(now + 3_600_000).toISOString()), context)
      await store.addThreadItem('t1', message('t1', 'bad1', 'yesterday'), context)
      await store.addThreadItem('t1', withFields(message('t1', 'bad2'), { created_at: null }), context)
      await store.addThreadItem('t1', withFields(message('t1', 'bad3'), { created_at: undefined }), context)
      await store.addThreadItem('t1', message('t1', 'early', new Date(now - 3_600_000).toISOString()), context)
      await expectOrder(trial, ['early', 'bad1', 'bad2', 'bad3', 'late'])
    },
  },
  {
    id: 'order/backdated',
    promise: 'An item that is dated back lands before those that are already there.',
    async run(trial) {
      const { store, context, message } = trial
      await store.saveThread(trial.thread('t1'), context)
      await store.addThreadItem('t1', message('t1', 'm2', '2026-01-02T00:00:00Z'), context)
      await store.addThreadItem('t1', message('t1', 'm3', '2026-01-03T00:00:00Z'), context)
      await store.addThreadItem('t1', message('t1', 'm1', '2026-01-01T00:00:00Z'), context)
      await expectOrder(trial, ['m1', 'm2', 'm3'])
    },
  },
  {
    id: 'order/two-instances',
    promise: 'Items that two instances of a process add in turn come in the order of insertion.',
    async run(trial) {
      const { store, context, message } = trial
      const other = await trial.open()
      await store.saveThread(trial.thread('t1'), context)
      const ids = ['m6', 'm1', 'm5', 'm2', 'm4', 'm3']
      for (const [index, id] of ids.entries()) {
        await (index % 2 ? other : store).addThreadItem('t1', message('t1', id), context)
      }
      await expectOrder(trial, ids)
    },
  },
]

async function expectOrder({ store, context }: StoreTrial, ids: readonly string[]): Promise<void> {
  expectSame(idsOf(await store.loadThreadItems('t1', null, 99, 'asc', context)), ids, 'asc')
  expectSame(idsOf(await store.loadThreadItems('t1', null, 99, 'desc', context)), ids.toReversed(), 'desc')
}
