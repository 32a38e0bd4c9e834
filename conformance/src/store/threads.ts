import assert from 'node:assert/strict'
import { isNotFoundError } from '@threadkeep/core'
import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { expectWellFormed, idsOf } from './walk.ts'

export const threadCases: readonly StoreCase[] = [
  {
    id: 'threads/round-trip',
    promise: 'A thread comes back as it was saved, from loadThread and from loadThreads.',
    async run({ store, context, thread }) {
      const saved = withFields(thread('t1'), {
        title: 'Holiday plans',
        status: { type: 'locked', reason: 'reviewed' },
        metadata: { last_response_id: 'resp_1', nested: { list: [1, null, { deep: true }] } },
        allowed_image_domains: ['example.com'],
      })
      await store.saveThread(saved, context)
      expectSame(await store.loadThread('t1', context), saved, 'loadThread gives another thread')
      const page = await store.loadThreads(20, null, 'desc', context)
      expectSame(page, { data: [saved], has_more: false, after: null }, 'loadThreads gives another page')
    },
  },
  {
    id: 'threads/replace',
    promise: 'saveThread replaces the whole thread: fields that are left out are gone, and metadata is not merged.',
    async run({ store, context, thread }) {
      await store.saveThread(withFields(thread('t1'), { title: 'old', metadata: { a: 1 }, extra: true }), context)
      const next = withFields(thread('t1'), { metadata: { b: 2 }, status: { type: 'closed' } })
      await store.saveThread(next, context)
      expectSame(await store.loadThread('t1', context), next, 'something of the old thread is left')
    },
  },
  {
    id: 'threads/drops-items',
    promise: 'saveThread drops a field `items`, so that no thread is ever served with a stale copy of its items.',
    async run({ store, context, thread, message }) {
      const page = { data: [message('t1', 'm9')], has_more: false, after: null }
      await store.saveThread(withFields(thread('t1'), { items: page }), context)
      expectSame(await store.loadThread('t1', context), thread('t1'), 'the field items was stored')
      expectSame(
        (await store.loadThreads(1, null, 'asc', context)).data,
        [thread('t1')],
        'the list has the field items',
      )
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), [], 'its items were stored')
    },
  },
  {
    id: 'threads/keeps-items',
    promise: 'saveThread never touches the items that the store holds.',
    async run(trial) {
      const { store, context, thread } = trial
      await fillThread(trial, 't1', ['m1', 'm2'])
      await store.saveThread(withFields(thread('t1'), { title: 'renamed', items: [] }), context)
      expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m1', 'm2'], 'items changed')
    },
  },
  {
    id: 'threads/keeps-place',
    promise:
      'A thread keeps the place of its first save, also when it is saved with another created_at, which is stored.',
    async run({ store, context, thread }) {
      await store.saveThread(thread('t1', '2026-01-01T00:00:00Z'), context)
      await store.saveThread(thread('t2', '2026-01-02T00:00:00Z'), context)
      await store.saveThread(thread('t1', '2026-01-03T00:00:00Z'), context)
      expectSame(idsOf(await store.loadThreads(9, null, 'asc', context)), ['t1', 't2'], 'the thread moved')
      expectSame(idsOf(await store.loadThreads(9, null, 'desc', context)), ['t2', 't1'], 'the thread moved')
      const { created_at } = await store.loadThread('t1', context)
      assert.equal(created_at, '2026-01-03T00:00:00Z', 'the new created_at was not stored')
    },
  },
  {
    id: 'threads/missing',
    promise: 'A missing thread is a NotFoundError, known by its code and its name.',
    async run({ store, context }) {
      await expectCode(store.loadThread('t1', context), 'not_found', 'loadThread')
      const error = await store.loadThread('t1', context).catch((reason: unknown) => reason)
      assert.ok(isNotFoundError(error), 'isNotFoundError must know the error')
      assert.equal((error as Error).name, 'NotFoundError', 'its name must be NotFoundError')
    },
  },
  {
    id: 'threads/none',
    promise: 'Without threads, loadThreads gives an empty page.',
    async run({ store, context }) {
      for (const order of ['asc', 'desc'] as const) {
        const page = await store.loadThreads(20, null, order, context)
        expectSame(page, { data: [], has_more: false, after: null }, 'the page is not empty')
      }
    },
  },
  {
    id: 'threads/list-changes',
    promise: 'loadThreads shows at once what was saved and deleted before it.',
    async run({ store, context, thread }) {
      for (const id of ['t1', 't2', 't3']) await store.saveThread(thread(id), context)
      await store.saveThread(withFields(thread('t3'), { title: 'newest' }), context)
      await store.deleteThread('t2', context)
      const page = await store.loadThreads(2, null, 'desc', context)
      expectWellFormed(page, 2)
      expectSame(page.data, [withFields(thread('t3'), { title: 'newest' }), thread('t1')], 'the list is out of date')
    },
  },
]
