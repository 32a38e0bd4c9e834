import { expect, it } from 'vitest'
import { inOrder, toSeed } from './case-order.ts'

const cases = Array.from({ length: 50 }, (_, index) => index)

it('without a seed cases keep their order', () => {
  expect(inOrder(cases, null)).toEqual(cases)
})

it('a seed puts all cases in an order of its own, the same each time', () => {
  expect(inOrder(cases, 1)).toEqual(inOrder(cases, 1))
  expect(inOrder(cases, 1)).not.toEqual(inOrder(cases, 2))
  expect(inOrder(cases, 0)).not.toEqual(cases)
  expect(inOrder(cases, 1).toSorted((a, b) => a - b)).toEqual(cases)
})

it.each(['', '-1', '1.5', 'x', '1e3', '4294967296'])('%j is no seed', (text) => {
  expect(() => toSeed(text)).toThrow('a seed is a whole number from 0 to 4294967295')
})
