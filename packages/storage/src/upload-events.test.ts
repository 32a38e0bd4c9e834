import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ann, ben, code, inHours, message, newMemory, openStorage, thread } from '../test/open-storage.ts'
import type { UploadEvent } from './index.ts'

/** A storage that notes what its listeners hear. */
function listening() {
  const heard: [name: string, upload: UploadEvent][] = []
  const note = (name: string) => (upload: UploadEvent) => void heard.push([name, upload])
  const listeners = { onComplete: note('complete'), onFailed: note('failed'), onDeleted: note('deleted') }
  const names = () => heard.map(([name]) => name)
  return { heard, names, ...openStorage(listeners) }
}

describe('listeners', () => {
  it('hear of a completed upload once, however often it is completed and loaded', async () => {
    const { storage, upload, heard } = listening()
    const { id } = await upload()
    const record = await storage.uploads.complete(id, ann)
    await storage.uploads.complete(id, ann)
    await storage.store.loadAttachment(id, ben)
    expect(heard).toEqual([['complete', { ...record, scope: 'acme' }]])
  })

  it('hear of it from the load that verifies it, and from the message', async () => {
    const { storage, upload, names } = listening()
    await storage.store.loadAttachment((await upload()).id, ben)
    await storage.store.saveThread(thread('t1'), ann)
    await storage.store.addThreadItem('t1', message('m1', [await upload()]), ann)
    expect(names()).toEqual(['complete', 'complete'])
  })

  it('hear of a failed upload with its reason: from the client, from wrong bytes, from a sweep', async () => {
    const { storage, files, create, heard } = listening()
    const [failed, wrong] = [await create(), await create({ size: 4 }), await create()]
    await storage.uploads.fail(failed.id, { reason: 'gave up' }, ann)
    await storage.uploads.fail(failed.id, { reason: 'again' }, ann)
    await files.writeAttachment(wrong.id, Buffer.from('hello'), ann, { type: 'text/plain' })
    await expect(storage.store.loadAttachment(wrong.id, ann)).rejects.toEqual(code('checksum_mismatch'))
    await storage.uploads.sweep(inHours(25))
    expect(heard.map(([name, { reason }]) => [name, reason])).toEqual([
      ['failed', 'gave up'],
      ['failed', '5 bytes were uploaded, not the 4 announced'],
      ['failed', 'the upload was never completed'],
    ])
  })

  it('hear of a deletion as of what it was before, and never of the purge', async () => {
    const { storage, upload, heard } = listening()
    const { id } = await upload()
    const record = await storage.uploads.complete(id, ann)
    await storage.uploads.delete(id, {}, ann)
    await storage.attachments.deleteAttachment(id, ann)
    await storage.uploads.sweep(inHours(50))
    expect(heard.slice(1)).toEqual([['deleted', { ...record, scope: 'acme' }]])
  })

  it('hear from the sweep of what went with its thread', async () => {
    const { storage, upload, names } = listening()
    await storage.store.saveThread(thread('t1'), ann)
    await storage.store.addThreadItem('t1', message('m1', [await upload()]), ann)
    await storage.store.deleteThread('t1', ann)
    await storage.uploads.sweep(inHours(2))
    await storage.uploads.sweep(inHours(50))
    expect(names()).toEqual(['complete', 'deleted'])
  })

  it('are waited for', async () => {
    const done: string[] = []
    const onComplete = async ({ id }: UploadEvent) => {
      await new Promise((resolve) => setImmediate(resolve))
      done.push(id)
    }
    const { storage, upload } = openStorage({ onComplete })
    const { id } = await upload()
    await storage.uploads.complete(id, ann)
    expect(done).toEqual([id])
  })

  it.each([
    ['throws', () => Promise.reject(new Error('the queue is full'))],
    [
      'throws at once',
      () => {
        throw new Error('the queue is full')
      },
    ],
  ])('that %s undoes nothing, and the process is warned', async (_, onComplete) => {
    const shared = newMemory()
    const { storage, upload } = openStorage({ onComplete }, shared)
    const { id } = await upload()
    const warned = once(process, 'warning')
    expect(await storage.uploads.complete(id, ann)).toMatchObject({ status: 'complete' })
    const [warning] = await warned
    expect(warning).toMatchObject({ name: 'ThreadkeepWarning', code: 'THREADKEEP_LISTENER' })
    expect(warning.message).toContain(id)
    expect(warning.detail).toContain('the queue is full')
    expect(await openStorage({}, shared).storage.uploads.load(id, ann)).toMatchObject({ status: 'complete' })
  })
})
