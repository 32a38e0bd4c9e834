import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import { fillThread, inBatches, numbered } from './fill.ts'
import type { StoreCase } from './store-case.ts'
import { expectWellFormed, idsOf, walkItems, walkThreads } from './walk.ts'

const tied = ['m5', 'm4', 'm3', 'm2', 'm1']
const orders = ['asc', 'desc'] as const

export const pageCases: readonly StoreCase[] = [
  {
    id: 'pages/ties-walk',
    promise:
      'Items with the same created_at come in the order of insertion, each once, whatever the limit and the order.',
    async run(trial) {
      await fillThread(trial, 't1', tied)
      for (const limit of [1, 2, 3, 5, 6]) {
        for (const order of orders) {
          const ids = await walkItems(trial.store, 't1', { limit, order }, trial.context)
          expectSame(ids, order === 'asc' ? tied : tied.toReversed(), `limit ${limit}, ${order}`)
        }
      }
    },
  },
  {
    id: 'pages/ties-walk-of-threads',
    promise:
      'Threads with the same created_at come in the order of insertion, each once, whatever the limit and the order.',
    async run({ store, context, thread }) {
      const ids = ['t5', 't4', 't3', 't2', 't1']
      for (const id of ids) await store.saveThread(thread(id), context)
      for (const limit of [1, 2, 5]) {
        for (const order of orders) {
          const seen = await walkThreads(store, { limit, order }, context)
          expectSame(seen, order === 'asc' ? ids : ids.toReversed(), `limit ${limit}, ${order}`)
        }
      }
    },
  },
  {
    id: 'pages/exact-boundaries',
    promise: 'A page that ends exactly at the last row says so: has_more is false and after is null.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1', 'm2', 'm3', 'm4'])
      for (const order of orders) {
        const whole = await store.loadThreadItems('t1', null, 4, order, context)
        expectWellFormed(whole, 4)
        assert.equal(whole.has_more, false, 'as many rows as the limit: has_more must be false')
        const first = await store.loadThreadItems('t1', null, 2, order, context)
        expectWellFormed(first, 2)
        assert.equal(first.has_more, true, 'twice as many rows as the limit: has_more must be true on the first page')
        const second = await store.loadThreadItems('t1', first.after, 2, order, context)
        expectSame([second.has_more, second.after], [false, null], 'twice as many rows as the limit, second page')
      }
    },
  },
  {
    id: 'pages/empty',
    promise: 'A thread without items gives an empty page.',
    async run(trial) {
      await fillThread(trial, 't1', [])
      const page = await trial.store.loadThreadItems('t1', null, 1, 'desc', trial.context)
      expectSame(page, { data: [], has_more: false, after: null }, 'the page is not empty')
    },
  },
  {
    id: 'pages/no-cursor',
    promise: "'' and undefined mean no cursor, like null.",
    async run(trial) {
      const { store, context, thread } = trial
      await fillThread(trial, 't1', ['m1', 'm2'])
      await store.saveThread(thread('t2'), context)
      for (const after of [null, '', undefined as never]) {
        expectSame(idsOf(await store.loadThreadItems('t1', after, 9, 'asc', context)), ['m1', 'm2'], String(after))
        expectSame(idsOf(await store.loadThreads(9, after, 'desc', context)), ['t2', 't1'], String(after))
      }
    },
  },
  {
    id: 'pages/thousand',
    promise:
      'A page may have a thousand rows, and a limit of 9,999 is not clamped: servers and browsers ask for so many.',
    slow: true,
    async run(trial) {
      const { store, context, message } = trial
      const ids = numbered('m', 1_001)
      await fillThread(trial, 't1', [])
      await inBatches(ids, (id) => store.addThreadItem('t1', message('t1', id), context))
      const page = await store.loadThreadItems('t1', null, 1_000, 'desc', context)
      expectWellFormed(page, 1_000)
      expectSame([page.data.length, page.has_more], [1_000, true], 'limit 1,000 of 1,001 rows')
      const rest = await store.loadThreadItems('t1', page.after, 1_000, 'desc', context)
      expectSame([...idsOf(page), ...idsOf(rest)].sort(), ids, 'both pages together')
      const all = await store.loadThreadItems('t1', null, 9_999, 'asc', context)
      expectSame([idsOf(all).sort(), all.has_more], [ids, false], 'limit 9,999')
    },
  },
  {
    id: 'pages/limit-of-threads',
    promise: 'A limit of 9,999 threads, which browsers ask for, gives all of them.',
    async run({ store, context, thread }) {
      const ids = numbered('t', 130)
      await inBatches(ids, (id) => store.saveThread(thread(id), context))
      const page = await store.loadThreads(9_999, null, 'desc', context)
      expectSame([idsOf(page).sort(), page.has_more, page.after], [ids, false, null], 'limit 9,999')
    },
  },
  {
    id: 'pages/added-meanwhile',
    promise: 'Rows that exist throughout a walk come exactly once, whatever is added before or behind meanwhile.',
    async run(trial) {
      const { store, context, message } = trial
      for (const order of orders) {
        const threadId = `t-${order}`
        await fillThread(trial, threadId, ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'])
        const between = async (page: number) => {
          await store.addThreadItem(threadId, message(threadId, `old${page}`, '1999-01-01T00:00:00Z'), context)
          await store.addThreadItem(threadId, message(threadId, `new${page}`, '2031-01-01T00:00:00Z'), context)
        }
        const seen = await walkItems(store, threadId, { limit: 2, order, between }, context)
        expectSame(seen.filter((id) => id.startsWith('m')).sort(), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'], order)
        assert.equal(new Set(seen).size, seen.length, `${order}: a row came twice`)
      }
    },
  },
  {
    id: 'pages/deleted-meanwhile',
    gap: 'deleted-cursor',
    promise: 'Rows that exist throughout a walk come exactly once, whatever else is deleted meanwhile.',
    async run(trial) {
      const { store, context } = trial
      for (const order of orders) {
        const threadId = `t-${order}`
        await fillThread(trial, threadId, ['m1', 'm2', 'x3', 'm4', 'x5', 'm6', 'm7', 'x8', 'm9'])
        const gone = order === 'asc' ? ['x3', 'x5', 'x8'] : ['x8', 'x5', 'x3']
        const between = async (page: number) => store.deleteThreadItem(threadId, gone[page - 1] ?? 'x0', context)
        const seen = await walkItems(store, threadId, { limit: 2, order, between }, context)
        const kept = ['m1', 'm2', 'm4', 'm6', 'm7', 'm9']
        const stayed = seen.filter((id) => id.startsWith('m'))
        expectSame(stayed, order === 'asc' ? kept : kept.toReversed(), order)
      }
    },
  },
]
