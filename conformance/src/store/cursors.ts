import { expectCode, expectSame } from '../expect-code.ts'
import { expectAfter } from './expect-after.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

const letters = ['m1', 'm2', 'm3', 'm4']

export const cursorCases: readonly StoreCase[] = [
  {
    id: 'cursors/any-row',
    promise: 'Every row’s id is a cursor, not only the last of a page; after the last row comes an empty page.',
    async run(trial) {
      await fillThread(trial, 't1', letters)
      await expectAfter(trial, 'm2', ['m3', 'm4'], ['m1'])
      await expectAfter(trial, 'm4', [], ['m3', 'm2', 'm1'])
      await expectAfter(trial, 'm1', ['m2', 'm3', 'm4'], [])
    },
  },
  {
    id: 'cursors/of-threads',
    promise: 'Every thread’s id is a cursor of the list of threads, in both orders.',
    async run({ store, context, thread }) {
      for (const id of ['t3', 't2', 't1']) await store.saveThread(thread(id), context)
      expectSame(idsOf(await store.loadThreads(9, 't2', 'asc', context)), ['t1'], 'asc')
      expectSame(idsOf(await store.loadThreads(9, 't2', 'desc', context)), ['t3'], 'desc')
    },
  },
  {
    id: 'cursors/unknown',
    promise: 'An id that was never there is refused with invalid_cursor; it never begins again at the first page.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', letters)
      await expectCode(store.loadThreadItems('t1', 'nobody', 9, 'asc', context), 'invalid_cursor', 'loadThreadItems')
      await expectCode(store.loadThreadItems('t1', 'nobody', 9, 'desc', context), 'invalid_cursor', 'loadThreadItems')
      await expectCode(store.loadThreads(9, 'nobody', 'asc', context), 'invalid_cursor', 'loadThreads')
      await fillThread(trial, 't2', [])
      await expectCode(store.loadThreadItems('t2', 'm9', 9, 'asc', context), 'invalid_cursor', 'an empty thread')
    },
  },
  {
    id: 'cursors/of-another-list',
    promise: 'A row of another thread or another tenant is no cursor: invalid_cursor.',
    async run(trial) {
      const { store, context, thread, message } = trial
      const stranger = trial.stranger()
      await fillThread(trial, 't1', ['m1'])
      await fillThread(trial, 't2', ['other'])
      await store.saveThread(thread('t8'), stranger)
      await store.saveThread(thread('t1'), stranger)
      await store.addThreadItem('t1', message('t1', 'm8'), stranger)
      await expectCode(
        store.loadThreadItems('t1', 'other', 9, 'asc', context),
        'invalid_cursor',
        'another thread’s item',
      )
      await expectCode(store.loadThreadItems('t1', 'm8', 9, 'asc', context), 'invalid_cursor', 'another tenant’s item')
      await expectCode(store.loadThreads(9, 't8', 'asc', context), 'invalid_cursor', 'another tenant’s thread')
      await expectCode(store.loadThreads(9, 'm1', 'asc', context), 'invalid_cursor', 'an item in the list of threads')
      await expectCode(store.loadThreadItems('t1', 't1', 9, 'asc', context), 'invalid_cursor', 'a thread among items')
    },
  },
  {
    id: 'cursors/not-a-string',
    promise:
      'A cursor that is not a string is refused with invalid_argument, an ill-formed string with invalid_cursor.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', letters)
      for (const after of [7, {}, { $gt: '' }, ['m1'], true]) {
        await expectCode(store.loadThreadItems('t1', after as never, 9, 'asc', context), 'invalid_argument')
        await expectCode(store.loadThreads(9, after as never, 'asc', context), 'invalid_argument')
      }
      for (const after of ['m1\0', '\ud800', 'x'.repeat(513)]) {
        await expectCode(store.loadThreadItems('t1', after, 9, 'asc', context), ['invalid_cursor', 'invalid_argument'])
      }
    },
  },
  {
    id: 'cursors/of-an-updated-row',
    promise: 'A row that was saved again is a cursor of its old place.',
    async run(trial) {
      await fillThread(trial, 't1', letters)
      await trial.store.saveItem('t1', trial.message('t1', 'm2', '2033-03-03T00:00:00Z'), trial.context)
      await expectAfter(trial, 'm2', ['m3', 'm4'], ['m1'])
    },
  },
]
