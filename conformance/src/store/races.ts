import { expectCode, expectSame } from '../expect-code.ts'
import { fillThread, numbered } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf, walkItems } from './walk.ts'

export const raceCases: readonly StoreCase[] = [
  {
    id: 'concurrency/adds-racing-a-deletion',
    promise: 'An add that races deleteThread is stored and deleted with it, or not_found; it never leaves an orphan.',
    async run(trial) {
      const { store, context, message } = trial
      const other = await trial.open()
      for (let round = 0; round < 12; round += 1) {
        await fillThread(trial, 't1', ['m1'])
        const adds = numbered('m', 8).map((id) => store.addThreadItem('t1', message('t1', id), context))
        const results = await Promise.allSettled([
          ...adds.slice(0, round % 8),
          other.deleteThread('t1', context),
          ...adds,
        ])
        const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
        for (const fault of faults) await expectCode(Promise.reject(fault), 'not_found', 'an add')
        expectSame(idsOf(await store.loadThreadItems('t1', null, 99, 'asc', context)), [], 'items of a deleted thread')
        await fillThread(trial, 't1', [])
        const page = await store.loadThreadItems('t1', null, 99, 'asc', context)
        expectSame(idsOf(page), [], 'an orphan came back with the thread')
      }
    },
  },
  {
    id: 'concurrency/lives-racing',
    promise:
      'However deletions, creations and adds race, a thread’s list and its items tell the same story afterwards.',
    async run(trial) {
      const { store, context, thread, message } = trial
      const other = await trial.open()
      for (let round = 0; round < 8; round += 1) {
        await fillThread(trial, 't1', ['old'])
        await Promise.allSettled([
          other.deleteThread('t1', context),
          store.addThreadItem('t1', message('t1', 'm1'), context),
          other.saveThread(thread('t1'), context),
          store.addThreadItem('t1', message('t1', 'm2'), context),
          store.deleteThread('t1', context),
          other.addThreadItem('t1', message('t1', 'm3'), context),
        ])
        await store.saveThread(thread('t1'), context)
        const listed = idsOf(await store.loadThreadItems('t1', null, 99, 'asc', context))
        const loads = await Promise.allSettled(['m1', 'm2', 'm3', 'old'].map((id) => store.loadItem('t1', id, context)))
        const loaded = loads.flatMap((load) => (load.status === 'fulfilled' ? [load.value.id] : []))
        expectSame(loaded, listed.toSorted(), 'loadItem and loadThreadItems disagree')
        await store.deleteThread('t1', context)
      }
    },
  },
  {
    id: 'concurrency/parallel-deletions',
    promise: 'Many deletions of the same rows at once all succeed.',
    async run(trial) {
      const { store, context } = trial
      const other = await trial.open()
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      const both = [store, other]
      const items = ['m1', 'm2', 'm1', 'm2'].flatMap((id) => both.map((one) => one.deleteThreadItem('t1', id, context)))
      await Promise.all(items)
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m3'], 'what is left')
      await Promise.all([1, 2, 3].flatMap(() => both.map((one) => one.deleteThread('t1', context))))
      expectSame(idsOf(await store.loadThreads(9, null, 'asc', context)), [], 'the threads')
    },
  },
  {
    id: 'concurrency/walk-during-writes',
    promise: 'A walk while others add and delete gives every row that stays exactly once, in order.',
    async run(trial) {
      const { store, context, message } = trial
      const other = await trial.open()
      const stays = numbered('m', 30)
      await fillThread(trial, 't1', stays)
      const churn = numbered('x', 30).map(async (id) => {
        await other.addThreadItem('t1', message('t1', id), context)
        await other.deleteThreadItem('t1', id, context)
      })
      const seen = await walkItems(store, 't1', { limit: 4, order: 'asc' }, context)
      await Promise.all(churn)
      expectSame(
        seen.filter((id) => id.startsWith('m')),
        stays,
        'the rows that stay',
      )
    },
  },
]
