import { expectCode, expectSame } from '../expect-code.ts'
import { expectAfter } from './expect-after.ts'
import { fillThread, inBatches, numbered } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

const letters = ['m1', 'm2', 'm3', 'm4']

export const deletedCursorCases: readonly StoreCase[] = [
  {
    id: 'cursors/of-a-deleted-row',
    promise: 'The id of a deleted row keeps working as a cursor.',
    gap: 'deleted-cursor',
    async run(trial) {
      const { store, context, thread } = trial
      await fillThread(trial, 't1', letters)
      for (const id of ['m2', 'm3', 'm2']) await store.deleteThreadItem('t1', id, context)
      await expectAfter(trial, 'm2', ['m4'], ['m1'])
      await expectAfter(trial, 'm3', ['m4'], ['m1'])
      for (const id of ['t2', 't3']) await store.saveThread(thread(id), context)
      await store.deleteThread('t2', context)
      expectSame(idsOf(await store.loadThreads(9, 't2', 'asc', context)), ['t3'], 'a deleted thread, asc')
      expectSame(idsOf(await store.loadThreads(9, 't2', 'desc', context)), ['t1'], 'a deleted thread, desc')
    },
    async opposite(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', letters)
      await store.deleteThreadItem('t1', 'm2', context)
      await expectCode(store.loadThreadItems('t1', 'm2', 9, 'asc', context), 'invalid_cursor', 'a deleted item')
    },
  },
  {
    id: 'cursors/after-999-deletions',
    promise: 'The id of a deleted row still works as a cursor after 999 later deletions in its list.',
    slow: true,
    gap: 'deleted-cursor',
    async run(trial) {
      const { store, context, message } = trial
      const later = numbered('x', 999)
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      await inBatches(later, (id) => store.addThreadItem('t1', message('t1', id), context))
      await store.deleteThreadItem('t1', 'm2', context)
      await inBatches(later, (id) => store.deleteThreadItem('t1', id, context))
      await expectAfter(trial, 'm2', ['m3'], ['m1'])
    },
  },
  {
    id: 'cursors/of-a-row-added-again',
    promise: 'A row that was deleted and added again gets a new place, and its id as a cursor means that one.',
    async run(trial) {
      const { store, context, message, thread } = trial
      await fillThread(trial, 't1', letters)
      await store.deleteThreadItem('t1', 'm2', context)
      await store.addThreadItem('t1', message('t1', 'm2'), context)
      await expectAfter(trial, 'm2', [], ['m4', 'm3', 'm1'])
      await expectAfter(trial, 'm1', ['m3', 'm4', 'm2'], [])
      await store.saveThread(thread('t2'), context)
      await store.deleteThread('t1', context)
      await store.saveThread(thread('t1'), context)
      expectSame(idsOf(await store.loadThreads(9, 't2', 'asc', context)), ['t1'], 'the thread did not get a new place')
    },
  },
  {
    id: 'cursors/of-an-earlier-life',
    promise: 'A thread that was deleted and created again does not know the cursors of its earlier life.',
    async run(trial) {
      await fillThread(trial, 't1', letters)
      await trial.store.deleteThreadItem('t1', 'm3', trial.context)
      await trial.store.deleteThread('t1', trial.context)
      await fillThread(trial, 't1', ['new1', 'new2'])
      for (const id of ['m2', 'm3']) {
        await expectCode(trial.store.loadThreadItems('t1', id, 9, 'asc', trial.context), 'invalid_cursor', id)
      }
    },
  },
]
