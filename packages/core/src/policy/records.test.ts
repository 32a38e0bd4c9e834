import { describe, expect, it } from 'vitest'
import { fromBody, toSnapshot } from './records.ts'

const invalid = expect.objectContaining({ code: 'invalid_argument' })

describe('a snapshot', () => {
  it('is what JSON makes of the value', () => {
    const value = { id: 'a', date: new Date(0), gone: undefined, list: [undefined, Number.NaN], text: '\0\ud800' }
    const { id, record } = toSnapshot('item', value, 1_000)
    expect(id).toBe('a')
    expect(fromBody(record.body)).toEqual({
      id: 'a',
      date: '1970-01-01T00:00:00.000Z',
      list: [null, null],
      text: '\0\ud800',
    })
  })

  it('keeps the order of keys, and keys that other programs stumble over', () => {
    const text = '{"id":"a","z":1,"__proto__":{"x":1},"constructor":2,"$ref":3,"a.b":4,"":5,"a":6}'
    expect(toSnapshot('item', JSON.parse(text), 1_000).record.body).toBe(text)
  })

  it('goes by what toJSON says, also for the id', () => {
    expect(toSnapshot('item', { id: 'a', toJSON: () => ({ id: 'b' }) }, 1_000).id).toBe('b')
  })

  it('goes by what is in the JSON: not by what is inherited, hidden or computed', () => {
    const hidden = Object.defineProperty({ created_at: '2026' }, 'id', { value: 'a' })
    for (const value of [hidden, Object.create({ id: 'a', created_at: '2026' })]) {
      expect(() => toSnapshot('item', value, 1_000)).toThrow(invalid)
    }
    const createdAt = new Date(1_000)
    class Message {
      readonly created_at = createdAt
      get id(): string {
        return 'of the prototype'
      }
    }
    expect(() => toSnapshot('item', new Message(), 1_000)).toThrow(invalid)
    const computed = {
      created_at: createdAt,
      get id() {
        return 'own'
      },
    }
    const { id, record } = toSnapshot('item', computed, 1_000)
    expect([id, record.position.slice(0, 20)]).toEqual(['own', '10000000000001000000'])
  })

  it('leaves fields out that are dropped', () => {
    expect(toSnapshot('thread', { id: 'a', items: [1], b: 2 }, 1_000, ['items']).record.body).toBe('{"id":"a","b":2}')
  })

  it('is refused when it is too large, in bytes', () => {
    const value = { id: 'a', text: 'ä' }
    expect(toSnapshot('item', value, 22).record.body).toHaveLength(21)
    expect(() => toSnapshot('item', value, 21)).toThrow(expect.objectContaining({ code: 'too_large' }))
  })

  it.each([null, undefined, 1, 'a', [], [{ id: 'a' }], {}, { id: 1 }, { id: '' }, () => 1, { id: 'a', big: 1n }])(
    'is refused of %s',
    (value) => {
      expect(() => toSnapshot('item', value, 1_000)).toThrow(invalid)
    },
  )

  it('is refused of what contains itself', () => {
    const value: Record<string, unknown> = { id: 'a' }
    value.self = value
    expect(() => toSnapshot('item', value, 1_000)).toThrow(invalid)
  })
})
