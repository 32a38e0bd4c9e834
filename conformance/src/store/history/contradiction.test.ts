import { expect, it } from 'vitest'
import type { Operation } from '../model/operation.ts'
import { contradiction } from './contradiction.ts'
import type { RecordedCall } from './recorded-call.ts'

const key = { tenant: 1, threadId: 't1', itemId: 'm1', at: '2026-01-01' }
const saved = call(0, 1, { ...key, call: 'saveThread', version: 1 })
const deleted = (begin: number, end: number) => call(begin, end, { ...key, call: 'deleteThread' })
const added = (begin: number, end: number, version: number, answer?: string) =>
  call(begin, end, { ...key, call: 'addThreadItem', version }, answer)
const removed = (begin: number, end: number) => call(begin, end, { ...key, call: 'deleteThreadItem' })
const loaded = (begin: number, end: number, version: number | null) =>
  call(begin, end, { ...key, call: 'loadItem' }, version === null ? 'not_found' : JSON.stringify({ version }))
const listed = (begin: number, end: number, version: number | null, has_more = false) => {
  const data = version === null ? [] : [{ id: 'm1', version }]
  const page = { ...key, call: 'loadThreadItems' as const, after: null, limit: 9, order: 'asc' as const }
  return call(begin, end, page, JSON.stringify({ data, has_more, after: null }))
}

it.each<[string, RecordedCall[]]>([
  ['one call after another', [saved, added(2, 3, 5), loaded(4, 5, 5), removed(6, 7), listed(8, 9, null)]],
  ['a reading during a write sees it', [saved, added(2, 9, 5), loaded(3, 4, 5)]],
  ['a reading during a write does not see it', [saved, added(2, 9, 5), loaded(3, 4, null)]],
  [
    'two writes at once, read in either order',
    [saved, added(2, 9, 5), added(2, 9, 6), loaded(3, 4, 6), loaded(10, 11, 5)],
  ],
  ['an add during a deletion is refused', [saved, deleted(2, 5), added(3, 4, 5, 'not_found')]],
  ['an add during a deletion goes with it', [saved, deleted(2, 5), added(3, 4, 5), listed(6, 7, null)]],
  ['a page that goes on lacks a row', [saved, added(2, 3, 5), listed(4, 5, null, true)]],
])('has an order: %s', (_, calls) => {
  expect(contradiction(calls, 'm1')).toBeUndefined()
})

it.each<[string, RecordedCall[], number[]]>([
  ['an acknowledged add is not read', [saved, added(2, 3, 5), loaded(4, 5, null)], [1, 2]],
  [
    'a write is read, then what was before it',
    [saved, added(2, 3, 5), added(4, 9, 6), loaded(5, 6, 6), listed(7, 8, 5)],
    [1, 3, 4],
  ],
  ['a deleted thread has items', [saved, added(2, 3, 5), deleted(4, 5), listed(6, 7, 5)], [1, 2, 3]],
  [
    'a new life has items of the old',
    [saved, added(2, 3, 5), deleted(4, 5), call(6, 7, saved.operation), loaded(8, 9, 5)],
    [1, 2, 4],
  ],
  ['an add without a thread is done', [saved, deleted(2, 3), added(4, 5, 7)], [0, 1, 2]],
  ['a thread that is there is not found', [saved, added(2, 3, 7, 'not_found')], [0, 1]],
  ['what nobody wrote is read', [saved, loaded(2, 3, 7)], [1]],
])('has none: %s', (_, calls, contradicting) => {
  const unrelated = [call(1.5, 1.6, { ...key, itemId: 'm2', call: 'deleteThreadItem' }), listed(1.5, 1.6, null)]
  expect(contradiction([...calls, ...unrelated], 'm1')).toEqual(contradicting.map((index) => calls[index]))
})

function call(begin: number, end: number, operation: Operation, answer = 'nothing'): RecordedCall {
  return { client: 'one', step: 0, operation, begin, end, answer }
}
