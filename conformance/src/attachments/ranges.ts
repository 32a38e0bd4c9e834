import assert from 'node:assert/strict'
import type { ByteRange } from '@threadkeep/core'
import { expectCode, expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { allOf, bytesOf, patternOf, textOf } from './bytes.ts'

const ranges: readonly (readonly [ByteRange, string])[] = [
  [{ start: 0 }, '0123456789'],
  [{ start: 0, end: 0 }, '0'],
  [{ start: 3, end: 5 }, '345'],
  [{ start: 7 }, '789'],
  [{ start: 9 }, '9'],
  [{ start: 8, end: 99 }, '89'],
  [{ last: 1 }, '9'],
  [{ last: 4 }, '6789'],
  [{ last: 10 }, '0123456789'],
  [{ last: 99 }, '0123456789'],
]

const bad: readonly unknown[] = [
  { start: -1 },
  { start: 1.5 },
  { start: '1' },
  { start: Number.NaN },
  { start: 5, end: 4 },
  { start: 0, end: -1 },
  { end: 3 },
  { last: 0 },
  { last: -1 },
  { last: 2 ** 60 },
  {},
  [],
  'bytes=0-1',
  7,
]

export const rangeCases: readonly AttachmentCase[] = [
  {
    id: 'ranges/good',
    promise: 'A range gives exactly its bytes, `end` inclusive and `last` from the end, with the size of the whole.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context, { type: 'text/plain' })
      const whole = await store.headAttachment('a1', context)
      for (const [range, expected] of ranges) {
        const content = await store.readAttachment('a1', context, { range })
        const { size, type, etag } = content
        assert.equal(await textOf(content), expected, JSON.stringify(range))
        expectSame(
          [size, type, etag],
          [10, 'text/plain', whole?.etag],
          `size, type and etag of ${JSON.stringify(range)}`,
        )
      }
    },
  },
  {
    id: 'ranges/past-the-end',
    promise: 'A range that starts past the end is invalid_argument, and every range of an empty object does.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context)
      await store.writeAttachment('a2', new Uint8Array(0), context)
      for (const range of [{ start: 10 }, { start: 10, end: 12 }, { start: 99 }]) {
        await expectCode(store.readAttachment('a1', context, { range }), 'invalid_argument', JSON.stringify(range))
      }
      for (const range of [{ start: 0 }, { start: 0, end: 0 }, { last: 1 }]) {
        await expectCode(
          store.readAttachment('a2', context, { range }),
          'invalid_argument',
          'a range of an empty object',
        )
      }
      assert.equal(await textOf(await store.readAttachment('a2', context)), '', 'the empty object')
    },
  },
  {
    id: 'ranges/of-nothing',
    promise: 'A range of a missing object is not_found.',
    async run({ store, context }) {
      await expectCode(store.readAttachment('a1', context, { range: { start: 0 } }), 'not_found', 'readAttachment')
    },
  },
  {
    id: 'ranges/bad',
    promise: 'What HTTP could not say as a range is invalid_argument.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context)
      for (const range of bad) {
        const read = store.readAttachment('a1', context, { range: range as ByteRange })
        await expectCode(read, 'invalid_argument', `the range ${JSON.stringify(range)}`)
      }
    },
  },
  {
    id: 'ranges/large',
    promise: 'Ranges of megabytes begin and end at their very bytes.',
    slow: true,
    async run({ store, context }) {
      const bytes = patternOf(3 * 2 ** 20 + 5)
      await store.writeAttachment('a1', bytes, context)
      for (const [start, end] of [
        [65_535, 65_536],
        [1, 3 * 2 ** 20],
        [2 ** 20 - 1, 2 ** 21],
      ] as const) {
        const found = await allOf(await store.readAttachment('a1', context, { range: { start, end } }))
        assert.ok(found.equals(bytes.subarray(start, end + 1)), `bytes ${start} to ${end}`)
      }
    },
  },
]
