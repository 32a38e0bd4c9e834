import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

export const itemCases: readonly StoreCase[] = [
  {
    id: 'items/round-trip',
    promise: 'An item comes back as it was added, from loadItem and from loadThreadItems.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'loadItem gives another item')
      const page = await store.loadThreadItems('t1', null, 20, 'asc', context)
      expectSame(page, { data: [message('t1', 'm1')], has_more: false, after: null }, 'the page differs')
    },
  },
  {
    id: 'items/added-twice',
    promise:
      'An item added twice is one row, with the newest content, in the place of the first: servers add replies twice.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      const again = withFields(message('t1', 'm1', '2026-05-05T00:00:00Z'), { content: [] })
      await store.addThreadItem('t1', again, context)
      const page = await store.loadThreadItems('t1', null, 20, 'asc', context)
      expectSame(idsOf(page), ['m1', 'm2', 'm3'], 'the list differs')
      expectSame(page.data[0], again, 'the list has the old content')
      expectSame(await store.loadItem('t1', 'm1', context), again, 'loadItem has the old content')
    },
  },
  {
    id: 'items/saved-in-place',
    promise: 'saveItem replaces an item in its place, with nothing left of the old one.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1', 'm2', 'm3'])
      await store.saveItem('t1', withFields(message('t1', 'm2'), { extra: true }), context)
      await store.saveItem('t1', message('t1', 'm2', '1999-01-01T00:00:00Z'), context)
      const page = await store.loadThreadItems('t1', null, 20, 'desc', context)
      expectSame(idsOf(page), ['m3', 'm2', 'm1'], 'the list differs')
      expectSame(page.data[1], message('t1', 'm2', '1999-01-01T00:00:00Z'), 'the content is not the newest')
    },
  },
  {
    id: 'items/save-inserts',
    promise: 'saveItem inserts an item that is not there: it may be the first write of a replaced item.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      await store.saveItem('t1', message('t1', 'm1'), context)
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the item is not there')
    },
  },
  {
    id: 'items/same-id-in-two-threads',
    promise: 'Item ids are unique only within their thread: two threads may hold the same one.',
    async run(trial) {
      const { store, context, message } = trial
      await fillThread(trial, 't1', ['m1'])
      await fillThread(trial, 't2', ['m1'])
      await store.saveItem('t2', withFields(message('t2', 'm1'), { content: [] }), context)
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the other thread’s item changed')
      await store.deleteThreadItem('t2', 'm1', context)
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m1'], 'it was deleted too')
    },
  },
  {
    id: 'items/missing',
    promise: 'An item that is missing, or that is in another thread, is a NotFoundError.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1'])
      await fillThread(trial, 't2', [])
      await expectCode(store.loadItem('t1', 'm9', context), 'not_found', 'loadItem of a missing item')
      await expectCode(store.loadItem('t2', 'm1', context), 'not_found', 'loadItem with the wrong thread')
      await expectCode(store.loadItem('t9', 'm1', context), 'not_found', 'loadItem in a missing thread')
    },
  },
  {
    id: 'items/missing-thread',
    promise: 'addThreadItem and saveItem reject with not_found when the thread is missing, and store nothing.',
    async run({ store, context, thread, message }) {
      await expectCode(store.addThreadItem('t1', message('t1', 'm1'), context), 'not_found', 'addThreadItem')
      await expectCode(store.saveItem('t1', message('t1', 'm2'), context), 'not_found', 'saveItem')
      await store.saveThread(thread('t1'), context)
      const page = await store.loadThreadItems('t1', null, 9, 'asc', context)
      expectSame(page.data, [], 'an item without a thread was stored and showed up later')
    },
  },
  {
    id: 'items/page-of-missing-thread',
    promise: 'The items of a missing thread are an empty page, whatever the cursor.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't2', ['m1'])
      for (const after of [null, '', 'm1', 'nobody']) {
        const page = await store.loadThreadItems('t1', after, 20, 'asc', context)
        expectSame(page, { data: [], has_more: false, after: null }, `after ${JSON.stringify(after)}`)
      }
    },
  },
  {
    id: 'items/every-type-listed',
    promise: 'Lists hold items of every type, also those that a server hides from people.',
    async run({ store, context, thread, message }) {
      const types = ['user_message', 'hidden_context_item', 'sdk_hidden_context', 'end_of_turn', 'widget']
      await store.saveThread(thread('t1'), context)
      for (const type of types) await store.addThreadItem('t1', withFields(message('t1', type), { type }), context)
      const page = await store.loadThreadItems('t1', null, types.length, 'asc', context)
      expectSame(
        page.data.map(({ type }) => String(type)),
        types,
        'a type is missing',
      )
      assert.equal(page.has_more, false, 'has_more must be false')
    },
  },
]
