import assert from 'node:assert/strict'
import type { Attachment, ThreadItem } from '@threadkeep/core'
import { expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { completed, created, messageWith, uploaded } from './prepared.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'

const cat = { name: 'cat.png', mime_type: 'image/png' }

export const previewCases: readonly StorageCase[] = [
  {
    id: 'previews/of-an-image',
    promise: 'An image is loaded with a preview_url that shows its bytes with their type; a file has none.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await uploaded(trial, cat)
      await expectShown(await storage.store.loadAttachment(id, context))
      const file = await uploaded(trial)
      assert.equal(
        'preview_url' in (await storage.store.loadAttachment(file.id, context)),
        false,
        'a file has a preview',
      )
    },
  },
  {
    id: 'previews/in-items',
    promise: 'Images in messages have a working preview_url too, whether the item or its page is loaded.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      await withMessage(trial, [await completed(trial, cat), await completed(trial)])
      const page = await storage.store.loadThreadItems('t1', null, 10, 'asc', context)
      for (const item of [await storage.store.loadItem('t1', 'm1', context), ...page.data]) {
        const [image, file] = attachmentsOf(item)
        await expectShown(image)
        assert.ok(file && !('preview_url' in file), 'a file has a preview')
      }
    },
  },
  {
    id: 'previews/same-url',
    promise: 'Within its window a preview has the same URL again, from whatever process, so that browsers can keep it.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context, open } = trial
      const { id } = await completed(trial, cat)
      await withMessage(trial, [await storage.store.loadAttachment(id, context)])
      const other = await open()
      const urls: (string | undefined)[] = []
      for (const one of [storage, other.storage, storage, other.storage]) {
        urls.push(previewOf(await one.store.loadAttachment(id, context)))
        urls.push(previewOf(attachmentsOf(await one.store.loadItem('t1', 'm1', context))[0]))
      }
      // One window may end in between, and only one.
      assert.ok(new Set(urls).size <= 2, `${new Set(urls).size} different URLs for one image`)
      const changes = urls.filter((url, index) => index > 0 && url !== urls[index - 1])
      assert.ok(changes.length <= 1, 'the URL changed to and fro')
    },
  },
  {
    id: 'previews/not-stored',
    promise: 'A preview_url is never stored: neither in the record nor in messages that were saved with it.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, store, context } = trial
      const { id } = await completed(trial, cat)
      const loaded = await storage.store.loadAttachment(id, context)
      await storage.store.saveAttachment(loaded, context)
      expectNoUrl(await store.loadAttachment(id, context), loaded)
      await withMessage(trial, [loaded])
      expectNoUrl(attachmentsOf(await store.loadItem('t1', 'm1', context))[0], loaded)
      await storage.store.saveItem('t1', await storage.store.loadItem('t1', 'm1', context), context)
      expectNoUrl(attachmentsOf(await store.loadItem('t1', 'm1', context))[0], loaded)
      await expectShown(attachmentsOf(await storage.store.loadItem('t1', 'm1', context))[0])
    },
  },
  {
    id: 'previews/uploads-not-stored',
    promise: 'Upload URLs are given once: none is stored, whatever a server saves, and none is shown.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, store, context } = trial
      for (const claims of [{}, cat]) {
        const attachment = await created(trial, claims)
        expectNoUrl(await store.loadAttachment(attachment.id, context), attachment)
        await trial.upload(attachment, new TextEncoder().encode('hello'))
        expectNoUpload(await storage.store.loadAttachment(attachment.id, context))
        await withMessage(trial, [attachment])
        expectNoUrl(attachmentsOf(await store.loadItem('t1', 'm1', context))[0], attachment)
        const { data } = await storage.store.loadThreadItems('t1', null, 10, 'asc', context)
        for (const item of data) for (const shown of attachmentsOf(item)) expectNoUpload(shown)
      }
    },
  },
]

async function withMessage({ storage, context }: StorageTrial, attachments: Attachment[]): Promise<void> {
  await storage.store.saveThread(thread('t1'), context)
  await storage.store.addThreadItem('t1', messageWith('t1', 'm1', attachments), context)
}

function attachmentsOf(item: ThreadItem): Attachment[] {
  return 'attachments' in item ? item.attachments : []
}

function previewOf(attachment: Attachment | undefined): string | undefined {
  return attachment?.type === 'image' ? attachment.preview_url : undefined
}

async function expectShown(attachment: Attachment | undefined): Promise<void> {
  const url = previewOf(attachment)
  assert.ok(url, 'an image has a preview_url')
  const response = await fetch(url)
  const answer = [response.status, response.headers.get('content-type'), await response.text()]
  expectSame(answer, [200, 'image/png', 'hello'], 'status, type and bytes of the preview')
}

/** Nothing of what the attachment was created or shown with that is a URL. */
function expectNoUrl(stored: Attachment | undefined, given: Attachment): void {
  assert.ok(stored, 'it was stored')
  expectNoUpload(stored)
  assert.equal('preview_url' in stored, false, 'a preview_url is stored')
  const text = JSON.stringify(stored)
  for (const url of [given.upload_url, given.upload_descriptor?.url, previewOf(given)]) {
    assert.ok(!url || !text.includes(new URL(url).host), 'a URL is stored')
  }
}

function expectNoUpload(shown: Attachment): void {
  for (const key of ['upload_url', 'upload_descriptor']) {
    assert.equal(Object.hasOwn(shown, key), false, `${key} is there after the upload was created`)
  }
}
