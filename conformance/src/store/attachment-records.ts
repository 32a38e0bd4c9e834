import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import type { StoreCase } from './store-case.ts'

const descriptor = { url: 'https://example.com/put', method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' } }

export const attachmentRecordCases: readonly StoreCase[] = [
  {
    id: 'attachment-records/round-trip',
    promise: 'An attachment’s record comes back as it was saved, with fields that the model does not name.',
    async run({ store, context, attachment }) {
      const file = withFields(attachment('a1'), { metadata: { storage: { key: 'k' } }, size: 12, thread_id: null })
      const image = withFields(attachment('a2'), {
        type: 'image',
        preview_url: 'https://example.com/p?sig=a%2Bb',
        upload_descriptor: descriptor,
      })
      await store.saveAttachment(file, context)
      await store.saveAttachment(image, context)
      expectSame(await store.loadAttachment('a1', context), file, 'the file')
      expectSame(await store.loadAttachment('a2', context), image, 'the image')
    },
  },
  {
    id: 'attachment-records/replace',
    promise: 'saveAttachment replaces the whole record: servers save it again with the thread and without the upload.',
    async run({ store, context, attachment }) {
      await store.saveAttachment(withFields(attachment('a1'), { upload_descriptor: descriptor, extra: 1 }), context)
      const bound = withFields(attachment('a1'), { upload_descriptor: null, thread_id: 't1' })
      await store.saveAttachment(bound, context)
      expectSame(await store.loadAttachment('a1', context), bound, 'something of the old record is left')
    },
  },
  {
    id: 'attachment-records/missing',
    promise: 'A missing attachment, and a deleted one, is not_found; deleting it again is silent.',
    async run({ store, context, attachment }) {
      await expectCode(store.loadAttachment('a1', context), 'not_found', 'before it is saved')
      await store.saveAttachment(attachment('a1'), context)
      await store.saveAttachment(attachment('a2'), context)
      await store.deleteAttachment('a1', context)
      await store.deleteAttachment('a1', context)
      await expectCode(store.loadAttachment('a1', context), 'not_found', 'after it was deleted')
      expectSame(await store.loadAttachment('a2', context), attachment('a2'), 'the other record')
    },
  },
  {
    id: 'attachment-records/saved-after-delete',
    promise: 'A record that was deleted may be saved again under its id.',
    async run({ store, context, attachment }) {
      await store.saveAttachment(withFields(attachment('a1'), { extra: 'old' }), context)
      await store.deleteAttachment('a1', context)
      await store.saveAttachment(attachment('a1'), context)
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the record')
    },
  },
  {
    id: 'attachment-records/apart-from-threads',
    promise: 'Attachments, threads and items with one id are different records.',
    async run({ store, context, attachment, thread, message }) {
      await store.saveThread(thread('same'), context)
      await store.addThreadItem('same', message('same', 'same'), context)
      await store.saveAttachment(attachment('same'), context)
      await store.deleteThreadItem('same', 'same', context)
      expectSame(await store.loadAttachment('same', context), attachment('same'), 'the attachment')
      await store.deleteAttachment('same', context)
      expectSame(await store.loadThread('same', context), thread('same'), 'the thread')
    },
  },
]
