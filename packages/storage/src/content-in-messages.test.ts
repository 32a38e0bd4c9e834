import type { AttachmentStore, UserMessageItem } from '@threadkeep/core'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Actor,
  ann,
  code,
  eve,
  message,
  newMemory,
  type OpenStorage,
  openStorage,
  thread,
} from '../test/open-storage.ts'
import { type Content, createStorage } from './index.ts'

let opened: OpenStorage
const shared = { current: newMemory() }

beforeEach(async () => {
  shared.current = newMemory()
  opened = openStorage({}, shared.current, { maxBytes: 100, allowedTypes: ['text/plain', 'image/png'] })
  await opened.storage.store.saveThread(thread('t1'), ann)
})

function text(name: string, size = 5): Content {
  return opened.storage.content({ filename: name, content: Buffer.alloc(size, 'x'), mimeType: 'text/plain' }, ann)
}

async function shown(id: string): Promise<UserMessageItem> {
  return (await opened.storage.store.loadItem('t1', id, ann)) as UserMessageItem
}

/** What is stored: bytes, and rows of attachments that are not hidden. */
async function left(): Promise<[bytes: number, rows: number]> {
  const { blobs, rows } = shared.current
  const keys = await blobs.list('acme/', { after: null, limit: 99 })
  const all = (await rows.listAttachments('acme', { after: null, limit: 99, order: 'asc' })) ?? []
  return [keys.length, all.filter(({ state }) => !/"(deleted|failed)"/.test(state)).length]
}

describe('contents in a message', () => {
  it.each(['addThreadItem', 'saveItem'] as const)('are stored first by %s, beside what is there', async (save) => {
    const { storage, upload } = opened
    const [uploaded, one, two] = [await upload(), text('one.txt'), text('two.txt')]
    await two.ensureStored()
    await storage.store[save]('t1', message('m1', [one, uploaded, two]), ann)
    expect((await shown('m1')).attachments).toEqual([
      { type: 'file', id: one.fileId, name: 'one.txt', mime_type: 'text/plain' },
      { type: 'file', id: uploaded.id, name: 'hello.txt', mime_type: 'text/plain' },
      { type: 'file', id: two.fileId, name: 'two.txt', mime_type: 'text/plain' },
    ])
    expect(one.status).toBe('stored')
  })

  it('belong to its thread', async () => {
    const { storage } = opened
    await storage.store.saveThread(thread('t2'), ann)
    const content = text('one.txt')
    await storage.store.addThreadItem('t1', message('m1', [content]), ann)
    await expect(storage.store.addThreadItem('t2', message('m2', [content]), ann)).rejects.toEqual(code('conflict'))
    await content.unstore()
    expect(await left()).toEqual([1, 1])
  })

  it('that are images are shown with a preview', async () => {
    const image = opened.storage.content({ filename: 'dot.png', content: 'aGVsbG8=', mimeType: 'image/png' }, ann)
    await opened.storage.store.addThreadItem('t1', message('m1', [image]), ann)
    const preview = (await shown('m1')).attachments[0] as { preview_url: string }
    expect(await (await opened.files.handler(new Request(preview.preview_url))).text()).toBe('hello')
  })

  it.each([
    ['too large', () => text('large.txt', 101), 'too_large'],
    [
      'of a type that is not allowed',
      () => opened.storage.content({ filename: 'x.pdf', content: '', mimeType: 'application/pdf' }, ann),
      'unsupported_type',
    ],
    ['not base64', () => opened.storage.content({ filename: 'x', content: '!' }, ann), 'invalid_argument'],
    ['without bytes', () => opened.storage.content({ filename: 'x' }, ann), 'object_missing'],
    [
      'another tenant’s',
      () => opened.storage.content({ filename: 'x', content: '', mimeType: 'text/plain' }, eve),
      'invalid_argument',
    ],
  ])('of which one is %s: nothing is saved, and the others are removed again', async (_, bad, expected) => {
    const { storage } = opened
    const [good, faulty] = [text('good.txt'), bad()]
    await expect(storage.store.addThreadItem('t1', message('m1', [good, faulty]), ann)).rejects.toEqual(code(expected))
    await expect(shown('m1')).rejects.toEqual(code('not_found'))
    expect(good).toMatchObject({ status: 'pending', fileId: undefined, processedContent: undefined })
    expect(await left()).toEqual([0, 0])
    await storage.store.addThreadItem('t1', message('m1', [good]), ann)
    expect((await shown('m1')).attachments).toHaveLength(1)
  })

  it('are removed again when another attachment is not there, and when the thread is not', async () => {
    const { storage, create } = opened
    const [content, missing] = [text('one.txt'), await create()]
    const refused = storage.store.addThreadItem('t1', message('m1', [content, missing]), ann)
    await expect(refused).rejects.toEqual(code('object_missing'))
    expect(await left()).toEqual([0, 1])
    await expect(storage.store.addThreadItem('gone', message('m1', [content]), ann)).rejects.toEqual(code('not_found'))
    expect(await left()).toEqual([0, 1])
    expect(content.status).toBe('pending')
  })

  it('that were stored before stay when the message is refused', async () => {
    const content = text('one.txt')
    await content.ensureStored()
    const refused = opened.storage.store.addThreadItem('gone', message('m1', [content]), ann)
    await expect(refused).rejects.toEqual(code('not_found'))
    expect(content.status).toBe('stored')
    await opened.storage.store.addThreadItem('t1', message('m1', [content]), ann)
  })

  it('stay when nobody knows whether the message was saved', async () => {
    const { rows } = shared.current
    const { putItem } = rows
    rows.putItem = async (...args) => {
      await Reflect.apply(putItem, rows, args)
      throw new Error('the answer was lost')
    }
    const content = text('one.txt')
    const lost = opened.storage.store.addThreadItem('t1', message('m1', [content]), ann)
    await expect(lost).rejects.toEqual(code('internal'))
    expect((await shown('m1')).attachments).toMatchObject([{ id: content.fileId }])
    expect(Buffer.from(await content.getContentBytes())).toHaveLength(5)
  })
})

it('an attachment store that takes no bytes from the server says so', async () => {
  const { memory, files } = opened
  const { objects } = files
  const methods = { createAttachment: files.createAttachment.bind(files), generateAttachmentId: () => 'atc_1' }
  const attachments = { objects, ...methods } as unknown as AttachmentStore<Actor>
  const storage = createStorage({ store: memory, attachments })
  const content = storage.content({ filename: 'x', content: '' }, ann)
  await expect(content.ensureStored()).rejects.toEqual(code('not_supported'))
})
