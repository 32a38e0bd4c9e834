import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { hostileValues } from './hostile-values.ts'
import { itemSamples } from './item-samples.ts'
import type { StoreCase } from './store-case.ts'

export const fidelityCases: readonly StoreCase[] = [
  {
    id: 'fidelity/item-types',
    promise: 'Items of every type come back whole, also of types and with fields that the model does not name.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      const { content, ...bare } = message('t1', 'm1') as ReturnType<typeof message> & { content: unknown }
      for (const [type, fields] of Object.entries(itemSamples)) {
        const item = withFields({ ...bare } as ReturnType<typeof message>, { type, id: `id of ${type}`, ...fields })
        await store.addThreadItem('t1', item, context)
        expectSame(await store.loadItem('t1', item.id, context), item, type)
      }
      const page = await store.loadThreadItems('t1', null, 99, 'asc', context)
      expectSame(
        page.data.map(({ type }) => String(type)),
        Object.keys(itemSamples),
        'the types of the list',
      )
    },
  },
  {
    id: 'fidelity/values-in-items',
    promise: 'What JSON can say comes back from an item as it went in: characters, numbers, keys and their order.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      for (const [what, value] of hostileValues) {
        const item = withFields(message('t1', 'm1'), { [what]: value, value })
        await store.saveItem('t1', item, context)
        expectSame(await store.loadItem('t1', 'm1', context), asJson(item), what)
      }
    },
  },
  {
    id: 'fidelity/values-in-threads',
    promise: 'What JSON can say comes back from a thread’s metadata as it went in.',
    async run({ store, context, thread }) {
      const saved = withFields(thread('t1'), { metadata: Object.fromEntries(hostileValues), title: 'a\u0000\ud800' })
      await store.saveThread(saved, context)
      expectSame(await store.loadThread('t1', context), asJson(saved), 'loadThread')
      expectSame((await store.loadThreads(1, null, 'asc', context)).data, [asJson(saved)], 'loadThreads')
    },
  },
  {
    id: 'fidelity/values-in-attachments',
    promise: 'What JSON can say comes back from an attachment’s record as it went in.',
    async run({ store, context, attachment }) {
      const saved = withFields(attachment('a1'), {
        name: 'a"b\r\n\u202egnp.png',
        metadata: Object.fromEntries(hostileValues),
      })
      await store.saveAttachment(saved, context)
      expectSame(await store.loadAttachment('a1', context), asJson(saved), 'loadAttachment')
    },
  },
  {
    id: 'fidelity/absent-and-null',
    promise: 'null stays null, and absent stays absent; undefined is absent, NaN is null, a Date is its ISO text.',
    async run({ store, context, thread }) {
      const date = new Date('2026-01-01T00:00:00.500Z')
      const odd = { gone: undefined, kept: null, list: [undefined, Number.NaN], date, toJSON: undefined }
      const { title, ...untitled } = withFields(thread('t1'), { metadata: odd })
      await store.saveThread(untitled, context)
      const loaded = await store.loadThread('t1', context)
      assert.ok(!('title' in loaded), 'an absent field came back')
      expectSame(loaded.metadata, { kept: null, list: [null, null], date: date.toISOString() }, 'metadata')
    },
  },
  {
    id: 'fidelity/date-objects',
    promise: 'A created_at that is a Date is stored as its ISO text and ordered by its instant.',
    async run({ store, context, thread, message }) {
      const created_at = new Date('2026-01-02T00:00:00.000Z')
      await store.saveThread(withFields(thread('t1'), { created_at }), context)
      await store.addThreadItem('t1', message('t1', 'm3', '2026-01-03T00:00:00Z'), context)
      await store.addThreadItem('t1', withFields(message('t1', 'm2'), { created_at }), context)
      await store.addThreadItem('t1', message('t1', 'm1', '2026-01-01T00:00:00Z'), context)
      assert.equal((await store.loadThread('t1', context)).created_at, '2026-01-02T00:00:00.000Z', 'of the thread')
      const { data } = await store.loadThreadItems('t1', null, 9, 'asc', context)
      expectSame(
        data.map(({ id }) => id),
        ['m1', 'm2', 'm3'],
        'order',
      )
      assert.equal(data[1]?.created_at, '2026-01-02T00:00:00.000Z', 'of the item')
    },
  },
  {
    id: 'fidelity/classes',
    promise: 'Of class instances, getters and toJSON, what JSON makes of them is stored.',
    async run({ store, context, thread }) {
      class Model {
        readonly id = 't1'
        readonly #secret = 'never stored'
        toJSON(): object {
          return { ...thread('t1'), metadata: { length: this.#secret.length } }
        }
      }
      await store.saveThread(new Model() as never, context)
      expectSame(await store.loadThread('t1', context), { ...thread('t1'), metadata: { length: 12 } }, 'the thread')
    },
  },
]

function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
