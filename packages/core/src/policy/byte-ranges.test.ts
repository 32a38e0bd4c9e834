import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRange, resolveRange } from './byte-ranges.ts'

describe('a range', () => {
  test.each([{ start: 0 }, { start: 5, end: 5 }, { start: 0, end: Number.MAX_SAFE_INTEGER }, { last: 1 }])(
    'may be %j',
    (range) => {
      expect(checkRange(range)).toEqual(range)
    },
  )

  test('may be absent', () => {
    expect(checkRange(undefined)).toBeNull()
  })

  test.each([
    {},
    { start: -1 },
    { start: 1.5 },
    { start: Number.NaN },
    { start: '0' },
    { start: 5, end: 4 },
    { start: 0, end: null },
    { end: 5 },
    { last: 0 },
    { last: 1.5 },
    { last: 5, start: 0 },
    { start: 2 ** 60 },
    'bytes=0-1',
    5,
    [0, 1],
  ])('cannot be %j', (range) => {
    expect(() => checkRange(range as never)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })

  test('means the same bytes as slicing', () => {
    const whole = Buffer.from('0123456789')
    fc.assert(
      fc.property(fc.nat(9), fc.nat(30), fc.integer({ min: 1, max: 30 }), (start, length, last) => {
        const sliced = (range: { start: number; end: number }) => whole.subarray(range.start, range.end + 1).toString()
        expect(sliced(resolveRange({ start }, 10))).toBe(whole.subarray(start).toString())
        const end = start + length
        expect(sliced(resolveRange({ start, end }, 10))).toBe(whole.subarray(start, end + 1).toString())
        expect(sliced(resolveRange({ last }, 10))).toBe(whole.subarray(-last).toString())
      }),
    )
  })

  test.each([
    [{ start: 10 }, 10],
    [{ start: 11, end: 20 }, 10],
    [{ start: 0 }, 0],
    [{ last: 1 }, 0],
  ])('%j has no bytes of %i', (range, size) => {
    expect(() => resolveRange(range, size)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })
})
