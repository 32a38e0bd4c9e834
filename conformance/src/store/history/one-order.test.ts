import { expect, it } from 'vitest'
import { expectOneOrder } from './one-order.ts'
import type { RecordedCall } from './recorded-call.ts'

const noon = '2026-01-01T12:00:00Z'
const noonElsewhere = '2026-01-01T13:00:00+01:00'
const later = '2026-01-01T12:00:00.001Z'

it.each<[string, RecordedCall[], string[]]>([
  ['rows by their instants, whoever added them when', [added('b', 1, 0, later), added('a', 2, 90, noon)], ['a', 'b']],
  ['rows of an instance as it added them', [added('b', 1, 0), added('a', 1, 2, noonElsewhere)], ['b', 'a']],
  ['rows of two instances as the clock says', [added('b', 1, 0), added('a', 2, 90)], ['b', 'a']],
  ['rows that were added at the same time', [added('b', 1, 0), added('a', 1, 0.5)], ['a', 'b']],
  ['rows that two instances added in one breath', [added('b', 1, 0), added('a', 2, 9)], ['a', 'b']],
])('is one order: %s', (_, rows, order) => {
  expectOneOrder(rows, [...walk('asc', order), ...walk('desc', order.toReversed())])
})

it.each<[string, RecordedCall[], string[], string]>([
  [
    'an earlier instant comes later',
    [added('a', 1, 0, later), added('b', 2, 2, noon)],
    ['a', 'b'],
    'a of 2026-01-01T12:',
  ],
  [
    'an instance’s rows are turned round',
    [added('b', 1, 0), added('a', 1, 2)],
    ['a', 'b'],
    'a of 2026-01-01T12:00:00Z',
  ],
  ['two instances’ rows are turned round', [added('b', 1, 0), added('a', 2, 90)], ['a', 'b'], 'comes before b of'],
  ['a row is missing', [added('b', 1, 0), added('a', 2, 2)], ['b'], 'the rows'],
  ['a row comes twice', [added('b', 1, 0)], ['b', 'b'], 'the rows'],
  ['an add was refused', [{ ...added('b', 1, 0), answer: 'not_found' }], [], 'client 1 of instance 1 adds b'],
])('is none: %s', (_, rows, order, message) => {
  expect(() => expectOneOrder(rows, walk('asc', order))).toThrow(message)
})

it('is none when two readers disagree', () => {
  const rows = [added('b', 1, 0), added('a', 1, 0)]
  const read = [...walk('asc', ['a', 'b']), ...walk('desc', ['a', 'b'])]
  expect(() => expectOneOrder(rows, read)).toThrow('walk 1 of desc gives another order than walk 1 of asc')
})

/** An add that took a millisecond. */
function added(itemId: string, instance: number, begin: number, at = noon): RecordedCall {
  const operation = { call: 'addThreadItem', tenant: 1, threadId: 't1', itemId, version: 1, at } as const
  return { client: `client 1 of instance ${instance}`, step: 0, operation, begin, end: begin + 1, answer: 'nothing' }
}

/** A walk of one row at a time. */
function walk(order: 'asc' | 'desc', ids: readonly string[]): RecordedCall[] {
  const operation = { call: 'loadThreadItems', tenant: 1, threadId: 't1', after: null, limit: 1, order } as const
  const pages = ids.length > 0 ? ids.map((id) => [{ id, version: 1 }]) : [[]]
  return pages.map((data) => ({
    client: order,
    step: 0,
    operation,
    begin: 100,
    end: 101,
    answer: JSON.stringify({ data, has_more: false, after: null }),
  }))
}
