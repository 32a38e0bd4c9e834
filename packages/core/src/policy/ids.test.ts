import { describe, expect, it } from 'vitest'
import { checkAttachmentId, checkId, generateId } from './ids.ts'

const invalid = expect.objectContaining({ code: 'invalid_argument' })

describe('a generated id', () => {
  it.each([
    ['thread', /^thr_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/],
    ['message', /^msg_/],
    ['tool_call', /^tc_/],
    ['task', /^tsk_/],
    ['workflow', /^wf_/],
    ['attachment', /^atc_[0-9a-f]{32}$/],
    ['sdk_hidden_context', /^shcx_/],
    ['something new', /^itm_/],
  ])('of a %s has its prefix', (type, pattern) => {
    expect(generateId(type)).toMatch(pattern)
  })

  it('begins with the time, so that later ones sort later', () => {
    const time = Number.parseInt(generateId('thread').slice(4, 16), 16)
    expect(Math.abs(time - Date.now())).toBeLessThan(60_000)
  })

  it('is never the same again', () => {
    expect(new Set(Array.from({ length: 100_000 }, () => generateId('message'))).size).toBe(100_000)
  })
})

describe('an id', () => {
  it.each(['a', '__fake_id__', ' ', 'ä😀', `${'x'.repeat(512)}`, 'a:b/{c}*?%', 'A\nB'])('may be %j', (id) => {
    expect(checkId('id', id)).toBe(id)
  })

  it.each(['', 'x'.repeat(513), 'ä'.repeat(257), 'a\0b', '\ud800', 1, null, undefined, {}, []])(
    'may not be %j',
    (id) => {
      expect(() => checkId('id', id)).toThrow(invalid)
    },
  )

  it.each(['', '../x', 'a/b', 'a.b', 'ä', 'a b', 'x'.repeat(129), 1, null])('of an attachment may not be %j', (id) => {
    expect(() => checkAttachmentId(id)).toThrow(invalid)
  })
})
