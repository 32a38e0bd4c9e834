import assert from 'node:assert/strict'
import { isNotFoundError } from '@threadkeep/core'
import { expectCode, expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { allOf, bytesOf, patternOf, sha256Of, streamOf, textOf } from './bytes.ts'

export const readCases: readonly AttachmentCase[] = [
  {
    id: 'read/whole',
    promise: 'readAttachment gives the bytes with their size, type and etag, as headAttachment tells them.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('hello'), context, { type: 'text/plain' })
      const { body, ...told } = await store.readAttachment('a1', context)
      assert.equal(await textOf({ body }), 'hello', 'the bytes')
      const info = await store.headAttachment('a1', context)
      const { size, type, etag } = told
      expectSame({ size, type, etag }, { size: info?.size, type: info?.type, etag: info?.etag }, 'read and head')
      expectSame([size, type], [5, 'text/plain'], 'size and type')
      assert.match(etag, /^[^"]+$/, 'the etag is without quotes')
    },
  },
  {
    id: 'read/same-everywhere',
    promise: 'Size, type, etag and sha256 are the same in every answer and from every instance while the bytes are.',
    async run({ store, context, open }) {
      const bytes = patternOf(1_000)
      const written = await store.writeAttachment('a1', bytes, context, { type: 'image/png' })
      await store.writeAttachment('a2', bytesOf('other'), context)
      await store.deleteAttachment('a2', context)
      for (const one of [store, await open()]) {
        const whole = await one.readAttachment('a1', context)
        const part = await one.readAttachment('a1', context, { range: { start: 10, end: 19 } })
        await Promise.all([whole.body.cancel(), part.body.cancel()])
        for (const told of [await one.headAttachment('a1', context), whole, part, written]) {
          const { size, type, etag, sha256 = sha256Of(bytes) } = told ?? assert.fail('headAttachment found nothing')
          expectSame({ size, type, etag }, { size: 1_000, type: 'image/png', etag: written.etag }, 'what is told')
          assert.equal(sha256, sha256Of(bytes), 'the sha256')
        }
      }
    },
  },
  {
    id: 'read/megabytes',
    promise: 'Megabytes come as a stream of pieces, whole and in order.',
    slow: true,
    async run({ store, context }) {
      const bytes = patternOf(5 * 2 ** 20 + 11)
      await store.writeAttachment('a1', streamOf(bytes), context)
      const chunks: Uint8Array[] = []
      for await (const chunk of (await store.readAttachment('a1', context)).body) chunks.push(chunk)
      assert.ok(chunks.length > 1, 'all came in one piece')
      assert.ok(Buffer.concat(chunks).equals(bytes), 'other bytes came back')
    },
  },
  {
    id: 'read/missing',
    promise: 'Bytes that are not there are a NotFoundError, and undefined for headAttachment.',
    async run({ store, context }) {
      await expectCode(store.readAttachment('a1', context), 'not_found', 'readAttachment')
      await expectCode(store.attachmentUrl('a1', context), 'not_found', 'attachmentUrl')
      const error = await store.readAttachment('a1', context).catch((reason: unknown) => reason)
      assert.ok(isNotFoundError(error), 'isNotFoundError must know the error')
      assert.equal(await store.headAttachment('a1', context), undefined, 'headAttachment')
    },
  },
  {
    id: 'read/deleted',
    promise: 'Deleted bytes are gone; deleting them again is silent, and the id is free.',
    async run({ store, context }) {
      await store.deleteAttachment('a1', context)
      const first = await store.writeAttachment('a1', bytesOf('first'), context)
      await store.writeAttachment('a2', bytesOf('other'), context)
      await store.deleteAttachment('a1', context)
      await store.deleteAttachment('a1', context)
      await expectCode(store.readAttachment('a1', context), 'not_found', 'readAttachment')
      await expectCode(store.attachmentUrl('a1', context), 'not_found', 'attachmentUrl')
      assert.equal(await store.headAttachment('a1', context), undefined, 'headAttachment')
      assert.equal(await textOf(await store.readAttachment('a2', context)), 'other', 'the other bytes')
      const second = await store.writeAttachment('a1', bytesOf('again'), context)
      assert.notEqual(second.etag, first.etag, 'other bytes must have another etag')
      assert.equal(await textOf(await store.readAttachment('a1', context)), 'again', 'the new bytes')
    },
  },
  {
    id: 'read/again-and-at-once',
    promise: 'The same bytes can be read many times and at once, and nobody who reads can change them.',
    async run({ store, context }) {
      const bytes = patternOf(100_000)
      await store.writeAttachment('a1', bytes, context)
      for await (const chunk of (await store.readAttachment('a1', context)).body) chunk.fill(0)
      const reads = await Promise.all([1, 2, 3, 4].map(async () => allOf(await store.readAttachment('a1', context))))
      for (const read of reads) assert.ok(read.equals(bytes), 'other bytes came back')
    },
  },
  {
    id: 'read/cancelled',
    promise: 'A reader may stop at any time, or never begin.',
    async run({ store, context }) {
      const bytes = patternOf(2 ** 20)
      await store.writeAttachment('a1', bytes, context)
      const reader = (await store.readAttachment('a1', context)).body.getReader()
      await reader.read()
      await reader.cancel()
      await (await store.readAttachment('a1', context)).body.cancel()
      assert.ok((await allOf(await store.readAttachment('a1', context))).equals(bytes), 'other bytes came back')
    },
  },
  {
    id: 'read/aborted',
    promise: 'An aborted signal stops a read with the code aborted, before it begins and while it streams.',
    async run({ store, context }) {
      await store.writeAttachment('a1', patternOf(4 * 2 ** 20), context)
      const early = store.readAttachment('a1', context, { signal: AbortSignal.abort() })
      await expectCode(early, 'aborted', 'a read whose signal is already aborted')
      const unasked = store.readAttachment('a2', context, { signal: AbortSignal.abort() })
      await expectCode(unasked, 'aborted', 'the same, which asks the backend nothing, of bytes that are not there')
      const abort = new AbortController()
      const reader = (await store.readAttachment('a1', context, { signal: abort.signal })).body.getReader()
      await reader.read()
      abort.abort()
      const rest = async () => {
        while (!(await reader.read()).done);
      }
      await expectCode(rest(), 'aborted', 'a read that is aborted while it streams')
      const after = new AbortController()
      const text = await allOf(await store.readAttachment('a1', context, { signal: after.signal }))
      after.abort()
      assert.equal(text.byteLength, 4 * 2 ** 20, 'a read that ended before the abort')
    },
  },
]
