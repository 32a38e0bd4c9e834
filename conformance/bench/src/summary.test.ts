import { describe, expect, it } from 'vitest'
import { quantile, summarize } from './summary.ts'

describe('a summary', () => {
  it('lies between two neighbours in proportion', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5)
    expect(quantile([7], 0.95)).toBe(7)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })

  it('shows how the median moved during the run', () => {
    const samples = [1, 1, 2, 2, 3, 3, 4, 4, 9, 9]
    expect(summarize(samples)).toEqual({ samples: 10, p50: 3, p95: 9, spread: [1, 9] })
  })
})
