import type { UserMessageItem } from '@threadkeep/core'
import { MemoryAttachmentStore } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { HandWrittenLedger, HandWrittenStore } from '../test/hand-written.ts'
import { type Actor, ann, code, inHours, message, openStorage, thread } from '../test/open-storage.ts'
import { createStorage } from './index.ts'

function open() {
  const store = new HandWrittenStore()
  const ledger = new HandWrittenLedger(store)
  return { store, ledger, ...openStorage({ store, ledger }) }
}

describe('a store written by hand', () => {
  it('without a ledger is refused', () => {
    const attachments = new MemoryAttachmentStore({ scope: ({ tenant }: Actor) => tenant })
    const make = () => createStorage({ store: new HandWrittenStore(), attachments })
    expect(make).toThrow(code('configuration') as Error)
    expect(make).toThrow(/give createStorage the option ledger/)
  })

  it('with one takes a file from its creation to the history', async () => {
    const { storage, store, create, put } = open()
    await storage.store.saveThread(thread('t1'), ann)
    const attachment = await create({ name: 'dot.png', mime_type: 'image/png' })
    const early = storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
    await expect(early).rejects.toEqual(code('object_missing'))
    await put(attachment, 'hello')
    await storage.store.saveAttachment({ ...attachment, name: 'renamed.png' }, ann)
    const loaded = await storage.store.loadAttachment(attachment.id, ann)
    expect(loaded).toMatchObject({ name: 'renamed.png', preview_url: expect.stringContaining('http') })
    await storage.store.addThreadItem('t1', message('m1', [loaded]), ann)
    const { data } = await storage.store.loadThreadItems('t1', null, 9, 'asc', ann)
    expect((data as UserMessageItem[])[0]?.attachments[0]).toHaveProperty('preview_url')
    expect(JSON.stringify([...store.rows])).not.toContain('http')
  })

  it('tells a missing thread by its own error, and the attachments are free again', async () => {
    const { storage, upload } = open()
    await storage.store.saveThread(thread('t1'), ann)
    const attachment = await upload()
    const content = storage.content({ filename: 'x', content: 'aGVsbG8=' }, ann)
    const lost = storage.store.addThreadItem('gone', message('m1', [attachment, content]), ann)
    await expect(lost).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(content.status).toBe('pending')
    await storage.store.addThreadItem('t1', message('m1', [attachment, content]), ann)
  })

  it('keeps what is used, and loses the rest to the sweep', async () => {
    const { storage, ledger, files, upload } = open()
    await storage.store.saveThread(thread('t1'), ann)
    await storage.store.saveThread(thread('t2'), ann)
    const [kept, gone, stale] = [await upload(), await upload(), await upload()]
    await storage.store.addThreadItem('t1', message('m1', [kept]), ann)
    await storage.store.addThreadItem('t2', message('m2', [gone]), ann)
    await storage.store.deleteThread('t2', ann)
    for (const hours of [2, 26, 27]) await storage.uploads.sweep(inHours(hours))
    for (const { id } of [gone, stale]) expect(await files.headAttachment(id, ann)).toBeUndefined()
    expect((await ledger.listAttachments('acme')).map((entry) => entry.attachment.id)).toEqual([kept.id])
    expect(await storage.store.loadAttachment(kept.id, ann)).toMatchObject({ id: kept.id })
  })
})
