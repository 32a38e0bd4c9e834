import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { fillThread, numbered } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf, walkItems } from './walk.ts'

export const concurrencyCases: readonly StoreCase[] = [
  {
    id: 'concurrency/parallel-adds',
    promise: 'Fifty items added at once by two instances are fifty rows in one total order, the same in every walk.',
    async run(trial) {
      const { store, context, message } = trial
      const stores = [store, await trial.open()]
      const ids = numbered('m', 50)
      await fillThread(trial, 't1', [])
      const add = (id: string, index: number) => stores[index % 2]?.addThreadItem('t1', message('t1', id), context)
      await Promise.all(ids.map(add))
      const order = idsOf(await store.loadThreadItems('t1', null, 50, 'asc', context))
      expectSame(order.toSorted(), ids, 'the rows')
      expectSame(await walkItems(store, 't1', { limit: 7, order: 'asc' }, context), order, 'a walk')
      expectSame(await walkItems(store, 't1', { limit: 3, order: 'desc' }, context), order.toReversed(), 'backwards')
    },
  },
  {
    id: 'concurrency/parallel-adds-of-one-id',
    promise: 'Thirty adds and saves of one id at once all succeed and are one row, with the content of one of them.',
    async run(trial) {
      const { store, context, message } = trial
      const stores = [store, await trial.open()]
      await fillThread(trial, 't1', ['m2'])
      const versions = numbered('version', 30)
      const write = (version: string, index: number) => {
        const item = withFields(message('t1', 'm1'), { version })
        const mine = stores[index % 2] ?? store
        return index % 3 ? mine.addThreadItem('t1', item, context) : mine.saveItem('t1', item, context)
      }
      await Promise.all(versions.map(write))
      expectSame(idsOf(await store.loadThreadItems('t1', null, 99, 'asc', context)), ['m2', 'm1'], 'the rows')
      const loaded = Object(await store.loadItem('t1', 'm1', context))
      assert.ok(versions.includes(loaded.version), 'the content is nobody’s')
      expectSame(loaded, withFields(message('t1', 'm1'), { version: loaded.version }), 'the content is mixed')
    },
  },
  {
    id: 'concurrency/parallel-saves-of-a-thread',
    promise: 'A thread saved many times at once, while items are added, is one thread and loses no item.',
    async run(trial) {
      const { store, context, thread, message } = trial
      const other = await trial.open()
      const ids = numbered('m', 20)
      await fillThread(trial, 't1', [])
      const saves = ids.map((title) => other.saveThread(withFields(thread('t1'), { title }), context))
      await Promise.all([...saves, ...ids.map((id) => store.addThreadItem('t1', message('t1', id), context))])
      expectSame(idsOf(await store.loadThreads(99, null, 'asc', context)), ['t1'], 'the threads')
      const items = await store.loadThreadItems('t1', null, 99, 'asc', context)
      expectSame(idsOf(items).sort(), ids, 'the items')
    },
  },
  {
    id: 'concurrency/first-saves-of-a-thread',
    promise: 'A thread saved for the first time by many at once is one thread.',
    async run({ store, context, open, thread }) {
      const stores = [store, await open()]
      const titles = numbered('title', 20)
      const save = (title: string, index: number) =>
        stores[index % 2]?.saveThread(withFields(thread('t1'), { title }), context)
      await Promise.all(titles.map(save))
      const { data } = await store.loadThreads(99, null, 'asc', context)
      expectSame(data, [await store.loadThread('t1', context)], 'the list')
      assert.ok(titles.includes(String(data[0]?.title)), 'the title is nobody’s')
    },
  },
]
