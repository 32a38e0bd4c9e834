import { expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import type { StoreCase } from './store-case.ts'

export const copyCases: readonly StoreCase[] = [
  {
    id: 'fidelity/snapshot-in',
    promise: 'What is changed after a save, or while it runs, is not stored.',
    async run({ store, context, thread, message, attachment }) {
      const mine = { thread: thread('t1'), item: message('t1', 'm1'), attachment: attachment('a1') }
      const saving = store.saveThread(mine.thread, context)
      mine.thread.metadata.changed = true
      await saving
      const adding = store.addThreadItem('t1', mine.item, context)
      withFields(mine.item, { content: 'changed' })
      const recording = store.saveAttachment(mine.attachment, context)
      mine.attachment.name = 'changed'
      await Promise.all([adding, recording])
      mine.thread.title = 'changed'
      expectSame(await store.loadThread('t1', context), thread('t1'), 'the thread')
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the item')
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the attachment')
    },
  },
  {
    id: 'fidelity/fresh-copy-out',
    promise: 'What is loaded is a fresh copy: changing it, or a page of it, changes nothing in the store.',
    async run({ store, context, thread, message, attachment }) {
      await store.saveThread(thread('t1'), context)
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      await store.saveAttachment(attachment('a1'), context)
      ;(await store.loadThread('t1', context)).metadata.changed = true
      const threads = await store.loadThreads(9, null, 'asc', context)
      withFields(threads.data[0] ?? {}, { title: 'changed' })
      threads.data.length = 0
      withFields(await store.loadItem('t1', 'm1', context), { content: 'changed' })
      const items = await store.loadThreadItems('t1', null, 9, 'asc', context)
      withFields(items.data.pop() ?? {}, { content: 'changed' })
      withFields(await store.loadAttachment('a1', context), { name: 'changed' })
      expectSame((await store.loadThreads(9, null, 'asc', context)).data, [thread('t1')], 'the thread')
      expectSame((await store.loadThreadItems('t1', null, 9, 'asc', context)).data, [message('t1', 'm1')], 'the item')
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the attachment')
    },
  },
]
