import { expectCode, expectSame } from '../expect-code.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

export const deleteCases: readonly StoreCase[] = [
  {
    id: 'deletes/silent',
    promise: 'Deleting what is not there, or is there no more, is silent.',
    async run(trial) {
      const { store, context } = trial
      await store.deleteThread('t1', context)
      await store.deleteThreadItem('t1', 'm1', context)
      await store.deleteAttachment('a1', context)
      await fillThread(trial, 't1', ['m1'])
      await store.deleteThreadItem('t1', 'nobody', context)
      await store.deleteThreadItem('t1', 'm1', context)
      await store.deleteThreadItem('t1', 'm1', context)
      await store.deleteThread('t1', context)
      await store.deleteThread('t1', context)
    },
  },
  {
    id: 'deletes/item',
    promise: 'A deleted item is gone from loadItem and from lists; the others stay.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      await store.deleteThreadItem('t1', 'm2', context)
      await expectCode(store.loadItem('t1', 'm2', context), 'not_found', 'loadItem')
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m1', 'm3'], 'asc')
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'desc', context)), ['m3', 'm1'], 'desc')
      const page = await store.loadThreadItems('t1', null, 2, 'asc', context)
      expectSame([page.has_more, page.after], [false, null], 'a deleted row counts as a row')
    },
  },
  {
    id: 'deletes/item-added-again',
    promise: 'A deleted item that is added again is there again, at its new place.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1', 'm2'])
      await store.deleteThreadItem('t1', 'm1', context)
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'loadItem')
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m2', 'm1'], 'the list')
    },
  },
  {
    id: 'deletes/thread',
    promise: 'deleteThread removes the thread with its items, and no other.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1', 'm2'])
      await fillThread(trial, 't2', ['m1'])
      await store.deleteThread('t1', context)
      await expectCode(store.loadThread('t1', context), 'not_found', 'loadThread')
      await expectCode(store.loadItem('t1', 'm1', context), 'not_found', 'loadItem')
      const gone = await store.loadThreadItems('t1', null, 9, 'asc', context)
      expectSame(gone, { data: [], has_more: false, after: null }, 'its items')
      expectSame(idsOf(await store.loadThreads(9, null, 'asc', context)), ['t2'], 'the list of threads')
      expectSame(idsOf(await store.loadThreadItems('t2', null, 9, 'asc', context)), ['m1'], 'the other thread’s items')
    },
  },
  {
    id: 'deletes/thread-created-again',
    promise: 'A thread created again under a deleted one’s id starts empty.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      await store.deleteThread('t1', context)
      await fillThread(trial, 't1', [])
      await expectCode(store.loadItem('t1', 'm1', context), 'not_found', 'loadItem')
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), [], 'old items are back')
      await store.addThreadItem('t1', message('t1', 'm3'), context)
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m3', 'm1'], 'its new items')
    },
  },
  {
    id: 'deletes/thread-created-again-and-again',
    promise: 'Each life of a thread is new, however often it is deleted and created.',
    async run(trial) {
      const { store, context } = trial
      for (const life of ['x1', 'x2', 'x3', 'x4']) {
        await fillThread(trial, 't1', ['m1', life])
        const page = await store.loadThreadItems('t1', null, 9, 'asc', context)
        expectSame(idsOf(page), ['m1', life], `the life of ${life}`)
        await store.deleteThread('t1', context)
        await store.deleteThread('t1', context)
      }
    },
  },
  {
    id: 'deletes/add-after-delete',
    promise: 'Adding to a deleted thread is not_found, and brings nothing back.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1'])
      await store.deleteThread('t1', context)
      await expectCode(store.addThreadItem('t1', message('t1', 'm1'), context), 'not_found', 'addThreadItem')
      await expectCode(store.saveItem('t1', message('t1', 'm2'), context), 'not_found', 'saveItem')
      await store.deleteThreadItem('t1', 'm1', context)
      await expectCode(store.loadThread('t1', context), 'not_found', 'loadThread')
      await fillThread(trial, 't1', [])
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), [], 'an orphan showed up')
    },
  },
  {
    id: 'deletes/attachments-stay',
    promise: 'deleteThread leaves attachment records alone: servers delete those themselves.',
    async run(trial) {
      const { store, context, attachment } = trial
      await fillThread(trial, 't1', ['m1'])
      await store.saveAttachment({ ...attachment('a1'), ...{ thread_id: 't1' } }, context)
      await store.deleteThread('t1', context)
      expectSame(await store.loadAttachment('a1', context), { ...attachment('a1'), thread_id: 't1' }, 'the record')
    },
  },
]
