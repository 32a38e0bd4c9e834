import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { signingWindow } from './signing-window.ts'

const start = Date.UTC(2026, 0, 1)
const at = (seconds: number) => new Date(start + seconds * 1000)

beforeEach(() => {
  vi.useFakeTimers({ now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

it.each([
  [1, 900],
  [900, 900],
  [901, 1_800],
  [7_200, 7_200],
  [604_800, 604_800],
])('a URL that is good for %i more seconds was signed for %i', (left, seconds) => {
  const window = signingWindow(at(left))
  expect(window).toEqual({ signedAt: at(left - seconds), seconds })
  expect(window.signedAt.getTime()).toBeLessThanOrEqual(start)
})

it('is the same until half of its time is over', () => {
  const first = signingWindow(at(7_200))
  vi.setSystemTime(at(3_599))
  expect(signingWindow(at(7_200))).toEqual(first)
  vi.setSystemTime(at(3_601))
  expect(signingWindow(at(7_200)).seconds).toBe(3_600)
})
