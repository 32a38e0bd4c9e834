import { StorageError, type UserMessageItem } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { type Actor, ann, code, eve, message, openStorage, thread } from '../test/open-storage.ts'
import { createStorage } from './index.ts'

const image = { name: 'dot.png', mime_type: 'image/png' }

describe('an attachment', () => {
  it('cannot be loaded before its bytes are there', async () => {
    const { storage, create, put } = openStorage()
    const attachment = await create()
    await expect(storage.store.loadAttachment(attachment.id, ann)).rejects.toEqual(code('object_missing'))
    await put(attachment, 'hello')
    expect(await storage.store.loadAttachment(attachment.id, ann)).toMatchObject({ id: attachment.id, type: 'file' })
  })

  it('is verified once, and then known from the record', async () => {
    const { storage, files, upload } = openStorage()
    const { id } = await upload()
    await storage.store.loadAttachment(id, ann)
    await files.deleteAttachment(id, ann)
    expect(await storage.store.loadAttachment(id, ann)).toMatchObject({ id })
  })

  it('is stored without any URL, and shown with a fresh preview', async () => {
    const { storage, memory, files, upload } = openStorage()
    const { id } = await upload(image)
    const loaded = await storage.store.loadAttachment(id, ann)
    expect(loaded).not.toHaveProperty('upload_url')
    expect(loaded).not.toHaveProperty('upload_descriptor')
    await storage.store.saveThread(thread('t1'), ann)
    await storage.store.addThreadItem('t1', message('m1', [loaded]), ann)
    expect(JSON.stringify(await memory.loadItem('t1', 'm1', ann))).not.toContain('http')
    expect(JSON.stringify(await memory.loadAttachment(id, ann))).not.toContain('http')
    const page = await storage.store.loadThreadItems('t1', null, 10, 'asc', ann)
    const item = await storage.store.loadItem('t1', 'm1', ann)
    expect(page.data).toEqual([item])
    const shown = (item as UserMessageItem).attachments[0]
    const preview = shown?.type === 'image' ? shown.preview_url : ''
    const answer = await files.handler(new Request(preview))
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(await answer.text()).toBe('hello')
  })

  it('has the same preview again, so that a browser can keep it', async () => {
    const { storage, upload } = openStorage()
    const { id } = await upload(image)
    expect(await storage.store.loadAttachment(id, ann)).toEqual(await storage.store.loadAttachment(id, ann))
  })

  it('that the server wrote itself is usable when it has a record', async () => {
    const { storage, files } = openStorage()
    await files.writeAttachment('report', Buffer.from('report'), ann, { type: 'application/pdf' })
    const record = { id: 'report', type: 'file', name: 'report.pdf', mime_type: 'application/pdf' } as const
    await storage.store.saveAttachment(record, ann)
    expect(await storage.store.loadAttachment('report', ann)).toEqual(record)
    expect(await storage.uploads.load('report', ann)).toMatchObject({
      status: 'complete',
      fileSize: 6,
      uploadedBy: null,
    })
  })

  it('belongs to its tenant', async () => {
    const { storage, upload } = openStorage()
    const { id } = await upload()
    await expect(storage.store.loadAttachment(id, eve)).rejects.toEqual(code('not_found'))
    await storage.attachments.deleteAttachment(id, eve)
    expect(await storage.store.loadAttachment(id, ann)).toMatchObject({ id })
  })
})

describe('a message with attachments', () => {
  it('binds them to its thread: another thread cannot have them', async () => {
    const { storage, upload } = openStorage()
    await Promise.all([storage.store.saveThread(thread('t1'), ann), storage.store.saveThread(thread('t2'), ann)])
    const attachment = await upload()
    await storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
    await storage.store.saveItem('t1', message('m1', [attachment]), ann)
    await expect(storage.store.addThreadItem('t2', message('m2', [attachment]), ann)).rejects.toEqual(code('conflict'))
    await expect(storage.store.loadItem('t2', 'm2', ann)).rejects.toEqual(code('not_found'))
  })

  it('is saved as it was when it was given', async () => {
    const { storage, upload } = openStorage()
    await storage.store.saveThread(thread('t1'), ann)
    const item = { ...message('m1', [{ ...(await upload()) }]), quoted_text: 'before' }
    const saving = storage.store.addThreadItem('t1', item, ann)
    item.quoted_text = 'after'
    for (const attachment of item.attachments) attachment.name = 'after.txt'
    await saving
    const saved = await storage.store.loadItem('t1', 'm1', ann)
    expect(saved).toMatchObject({ quoted_text: 'before', attachments: [{ name: 'hello.txt' }] })
    expect(Object.keys(saved)).toEqual(Object.keys(item))
  })

  it('that cannot be written as JSON is refused', async () => {
    const { storage, upload } = openStorage()
    await storage.store.saveThread(thread('t1'), ann)
    const item = { ...message('m1', [await upload()]), metadata: 1n }
    await expect(storage.store.addThreadItem('t1', item, ann)).rejects.toEqual(code('invalid_argument'))
  })

  it('that is refused sets them free again', async () => {
    const { storage, create, upload } = openStorage()
    const [there, missing] = [await upload(), await create()]
    await storage.store.saveThread(thread('t1'), ann)
    const both = message('m1', [there, missing])
    await expect(storage.store.addThreadItem('t1', both, ann)).rejects.toEqual(code('object_missing'))
    await expect(storage.store.addThreadItem('gone', message('m1', [there]), ann)).rejects.toEqual(code('not_found'))
    await storage.store.addThreadItem('t1', message('m2', [there]), ann)
  })

  it('cannot carry one that was deleted', async () => {
    const { storage, upload } = openStorage()
    await storage.store.saveThread(thread('t1'), ann)
    const attachment = await upload()
    await storage.uploads.delete(attachment.id, {}, ann)
    const refused = storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
    await expect(refused).rejects.toEqual(code('not_found'))
  })

  it('keeps an attachment that lives elsewhere as it is', async () => {
    const { storage } = openStorage()
    await storage.store.saveThread(thread('t1'), ann)
    const elsewhere = {
      id: 'x',
      type: 'image',
      name: 'x',
      mime_type: 'image/png',
      preview_url: 'https://x.test/x',
    } as const
    await storage.store.addThreadItem('t1', message('m1', [elsewhere]), ann)
    expect(await storage.store.loadItem('t1', 'm1', ann)).toEqual(message('m1', [elsewhere]))
  })

  it('is gone with its thread, and the sweep removes its bytes', async () => {
    const { storage, files, upload } = openStorage()
    await Promise.all([storage.store.saveThread(thread('t1'), ann), storage.store.saveThread(thread('t2'), ann)])
    const [gone, kept] = [await upload(), await upload()]
    await storage.store.addThreadItem('t1', message('m1', [gone]), ann)
    await storage.store.addThreadItem('t2', message('m2', [kept]), ann)
    await storage.store.deleteThread('t1', ann)
    await storage.uploads.sweep({ before: new Date(Date.now() + 7_200_000) })
    expect(await files.headAttachment(gone.id, ann)).toBeUndefined()
    expect(await files.headAttachment(kept.id, ann)).toMatchObject({ size: 5 })
  })
})

describe('createStorage', () => {
  const scope = ({ tenant }: Actor) => tenant

  it('refuses two adapters that do not agree on the tenant, at each call', async () => {
    const attachments = new MemoryAttachmentStore({ scope: ({ user }: Actor) => user })
    const storage = createStorage({ store: new MemoryStore({ scope }), attachments })
    const params = { name: 'a', size: 1, mime_type: '' }
    await expect(storage.attachments.createAttachment(params, ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.loadAttachment('a', ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.deleteThread('t1', ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.loadThread('t1', ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.saveThread(thread('t1'), ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.loadThreadItems('t1', null, 1, 'asc', ann)).rejects.toEqual(code('configuration'))
    await expect(storage.store.addThreadItem('t1', message('m1', []), ann)).rejects.toEqual(code('configuration'))
  })

  it('refuses a store without a ledger, unless it is given one', () => {
    const { ledger, ...handWritten } = new MemoryStore({ scope })
    const attachments = new MemoryAttachmentStore({ scope })
    const store = handWritten as MemoryStore<Actor>
    expect(() => createStorage({ store, attachments })).toThrow(StorageError)
    expect(createStorage({ store, attachments, ledger })).toHaveProperty('uploads')
  })
})
