import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { expectSame } from '../expect-code.ts'
import { inBatches } from './fill.ts'
import { hostileIds } from './hostile-ids.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf, walkItems, walkThreads } from './walk.ts'

export const idCases: readonly StoreCase[] = [
  {
    id: 'ids/of-threads',
    promise: 'Any well-formed string of 1 to 512 bytes without NUL is a thread’s id, and names that thread alone.',
    async run({ store, context, thread, message }) {
      for (const id of hostileIds) await store.saveThread(thread(id), context)
      await inBatches(hostileIds, async (id) => {
        await store.addThreadItem(id, message(id, 'm1'), context)
        expectSame(await store.loadThread(id, context), thread(id), `the thread ${JSON.stringify(id)}`)
      })
      expectSame(await walkThreads(store, { limit: 7, order: 'asc' }, context), hostileIds, 'the list, page by page')
      await store.deleteThread('id', context)
      const [gone, ...rest] = hostileIds
      expectSame(idsOf(await store.loadThreads(999, null, 'asc', context)), rest, `only ${gone} was deleted`)
      for (const id of rest) expectSame(idsOf(await store.loadThreadItems(id, null, 9, 'asc', context)), ['m1'], id)
    },
  },
  {
    id: 'ids/of-items',
    promise: 'Any well-formed string of 1 to 512 bytes without NUL is an item’s id, and names that item alone.',
    async run({ store, context, thread, message }) {
      await store.saveThread(thread('t1'), context)
      for (const id of hostileIds) await store.addThreadItem('t1', message('t1', id), context)
      await inBatches(hostileIds, async (id) => {
        expectSame(await store.loadItem('t1', id, context), message('t1', id), `the item ${JSON.stringify(id)}`)
      })
      const walk = { limit: 7, order: 'desc' } as const
      expectSame(await walkItems(store, 't1', walk, context), hostileIds.toReversed(), 'the list, page by page')
      await store.deleteThreadItem('t1', 'ID', context)
      const rest = hostileIds.filter((id) => id !== 'ID')
      expectSame(idsOf(await store.loadThreadItems('t1', null, 999, 'asc', context)), rest, 'only ID was deleted')
    },
  },
  {
    id: 'ids/of-attachments',
    promise: 'Any well-formed string of 1 to 512 bytes without NUL is the id of an attachment’s record.',
    async run({ store, context, attachment }) {
      for (const id of hostileIds) await store.saveAttachment(attachment(id), context)
      await store.deleteAttachment('iD', context)
      await inBatches(
        hostileIds.filter((id) => id !== 'iD'),
        async (id) => {
          expectSame(await store.loadAttachment(id, context), attachment(id), `the attachment ${JSON.stringify(id)}`)
        },
      )
    },
  },
  {
    id: 'ids/all-long',
    promise: 'Scope, thread id and item id may all have 512 bytes at once, none of which compresses.',
    async run({ open, thread, message }) {
      const [scope = '', threadId = '', itemId = ''] = [1, 2, 3].map(() => randomBytes(384).toString('base64'))
      const store = await open({ scope: () => scope })
      const context = { scope }
      await store.saveThread(thread(threadId), context)
      await store.addThreadItem(threadId, message(threadId, itemId), context)
      expectSame(await store.loadItem(threadId, itemId, context), message(threadId, itemId), 'the item')
      expectSame(idsOf(await store.loadThreadItems(threadId, itemId, 9, 'asc', context)), [], 'the page after it')
      await store.deleteThread(threadId, context)
    },
  },
  {
    id: 'ids/look-like-parts',
    promise: 'No thread id and item id together are mistaken for another pair.',
    async run({ store, context, thread, message }) {
      const pairs = ['a b:c', 'a:b c', 'a/b c', 'a b/c', 'a| b', 'a |b', 'a} {b', 'a }{b'].map((pair) =>
        pair.split(' '),
      )
      for (const [threadId = '', id = ''] of pairs) {
        await store.saveThread(thread(threadId), context)
        await store.addThreadItem(threadId, message(threadId, id), context)
      }
      for (const [threadId = '', id = ''] of pairs) {
        const items = pairs.filter(([other]) => other === threadId).map(([, item]) => item)
        const page = await store.loadThreadItems(threadId, null, 9, 'asc', context)
        expectSame(idsOf(page), items, `the items of ${threadId}`)
        expectSame(await store.loadItem(threadId, id, context), message(threadId, id), `${threadId} ${id}`)
      }
    },
  },
  {
    id: 'ids/generated',
    promise: 'Generated ids have the prefixes of the protocol’s servers and never repeat.',
    async run({ store, context, thread }) {
      const prefixes = { message: 'msg_', tool_call: 'tc_', task: 'tsk_', workflow: 'wf_', attachment: 'atc_' } as const
      for (const [type, prefix] of Object.entries(prefixes)) {
        const id = store.generateItemId(type as keyof typeof prefixes, thread('t1'), context)
        assert.ok(id.startsWith(prefix), `${id} must begin with ${prefix}`)
      }
      const ids = Array.from({ length: 20_000 }, () => store.generateThreadId(context))
      assert.ok(
        ids.every((id) => id.startsWith('thr_') && id.length >= 4 + 24),
        'thr_ and at least 24 characters',
      )
      assert.equal(new Set(ids).size, ids.length, 'an id came twice')
    },
  },
]
