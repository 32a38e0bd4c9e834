import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newPosition } from './position.ts'

const bytes = (text: string) => Buffer.from(text)

describe('a position', () => {
  it('has a fixed width of ASCII, whatever the instant', () => {
    const instants = [
      '0000-01-01',
      '1969-12-31T23:59:59Z',
      '2026-01-01',
      '+275760-09-13',
      '-271821-04-20',
      'never',
      undefined,
      17,
    ]
    for (const instant of instants) expect(newPosition(instant)).toMatch(/^[0-9]{36}[0-9a-z]{6}$/)
  })

  it('sorts by its bytes as instants do, to the microsecond', () => {
    const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
    fc.assert(
      fc.property(micros, micros, (a, b) => {
        const order = Buffer.compare(bytes(newPosition(iso(a))), bytes(newPosition(iso(b))))
        expect(order).toBe(a <= b ? -1 : 1)
      }),
    )
  })

  it('of one instant sorts by insertion, and no two are equal', () => {
    const positions = Array.from({ length: 10_000 }, () => newPosition('2026-01-01T00:00:00Z'))
    expect(positions).toEqual(positions.toSorted())
    expect(new Set(positions).size).toBe(positions.length)
  })

  it('of an unreadable instant is that of now', () => {
    const [before, unreadable] = [newPosition(new Date(Date.now() - 1000).toISOString()), newPosition('soon')]
    expect(before < unreadable && unreadable < newPosition(new Date(Date.now() + 1000).toISOString())).toBe(true)
  })
})

function iso(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19)
  return `${seconds}.${rest.toString().padStart(6, '0')}Z`
}
