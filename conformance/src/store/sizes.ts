import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { fillThread } from './fill.ts'
import type { StoreCase } from './store-case.ts'

export const sizeCases: readonly StoreCase[] = [
  {
    id: 'sizes/too-large',
    promise:
      'More than maxBodyBytes of JSON is refused with too_large, and nothing changes; exactly as much is stored.',
    async run(trial) {
      const { context, thread, message, attachment } = trial
      const store = await trial.open({ maxBodyBytes: 1_000 })
      await fillThread(trial, 't1', ['m1'])
      await store.saveAttachment(attachment('a1'), context)
      const over = padded(message('t1', 'm1'), 1_001)
      await expectCode(store.saveThread(padded(thread('t1'), 1_001), context), 'too_large', 'saveThread')
      await expectCode(store.addThreadItem('t1', over, context), 'too_large', 'addThreadItem')
      await expectCode(store.saveItem('t1', over, context), 'too_large', 'saveItem')
      await expectCode(store.saveAttachment(padded(attachment('a1'), 1_001), context), 'too_large', 'saveAttachment')
      expectSame(await store.loadThread('t1', context), thread('t1'), 'the thread changed')
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the item changed')
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the attachment changed')
      const exact = padded(message('t1', 'm1'), 1_000)
      await store.addThreadItem('t1', exact, context)
      expectSame(await store.loadItem('t1', 'm1', context), exact, 'exactly maxBodyBytes')
    },
  },
  {
    id: 'sizes/counted-in-bytes',
    promise: 'maxBodyBytes counts bytes, not characters.',
    async run(trial) {
      const store = await trial.open({ maxBodyBytes: 1_000 })
      await store.saveThread(trial.thread('t1'), trial.context)
      const item = withFields(trial.message('t1', 'm1'), { text: '€'.repeat(400) })
      await expectCode(store.addThreadItem('t1', item, trial.context), 'too_large', '400 characters of 3 bytes')
    },
  },
  {
    id: 'sizes/a-megabyte',
    promise: 'A thread, an item and an attachment’s record of a megabyte come back whole, also in pages.',
    async run({ store, context, thread, message, attachment }) {
      const large = { thread: padded(thread('t1'), 2 ** 20), item: padded(message('t1', 'm1'), 2 ** 20) }
      await store.saveThread(large.thread, context)
      await store.addThreadItem('t1', large.item, context)
      await store.saveAttachment(padded(attachment('a1'), 2 ** 20), context)
      const { data } = await store.loadThreadItems('t1', null, 1, 'asc', context)
      assert.ok(JSON.stringify(data[0]) === JSON.stringify(large.item), 'the item changed')
      const page = await store.loadThreads(1, null, 'asc', context)
      assert.ok(JSON.stringify(page.data[0]) === JSON.stringify(large.thread), 'the thread changed')
      const loaded = await store.loadAttachment('a1', context)
      assert.ok(JSON.stringify(loaded) === JSON.stringify(padded(attachment('a1'), 2 ** 20)), 'the attachment changed')
    },
  },
  {
    id: 'sizes/the-largest',
    promise:
      'A record of 14.9 MiB, just under the default limit, is stored and comes back whole; one of 15.1 MiB is too_large.',
    slow: true,
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      const largest = padded(message('t1', 'm1'), Math.floor(14.9 * 2 ** 20), 'é')
      await store.addThreadItem('t1', largest, context)
      const loaded = await store.loadItem('t1', 'm1', context)
      assert.ok(JSON.stringify(loaded) === JSON.stringify(largest), 'the item changed')
      const over = padded(message('t1', 'm2'), Math.ceil(15.1 * 2 ** 20))
      await expectCode(store.addThreadItem('t1', over, context), 'too_large', '15.1 MiB')
    },
  },
  {
    id: 'sizes/options',
    promise: 'maxBodyBytes and timeoutMs must be whole numbers of at least 1; else no store is made: invalid_argument.',
    async run({ open }) {
      for (const value of [0, -1, 1.5, Number.NaN, '10', null]) {
        await expectCode(open({ maxBodyBytes: value as never }), 'invalid_argument', `maxBodyBytes ${value}`)
        await expectCode(open({ timeoutMs: value as never }), 'invalid_argument', `timeoutMs ${value}`)
      }
    },
  },
]

/** The sample with a field that makes it exactly so many bytes of JSON. */
function padded<T extends object>(sample: T, bytes: number, char = 'x'): T {
  const room = bytes - Buffer.byteLength(JSON.stringify({ ...sample, text: '' }))
  const text = char.repeat(Math.floor(room / Buffer.byteLength(char)))
  return withFields(sample, { text: text + 'x'.repeat(room - Buffer.byteLength(text)) })
}
