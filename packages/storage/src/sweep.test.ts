import { StorageError } from '@threadkeep/core'
import { describe, expect, it } from 'vitest'
import { ann, code, inHours, message, newMemory, openStorage, thread } from '../test/open-storage.ts'
import type { SweepReport } from './index.ts'

describe('a sweep', () => {
  it('fails uploads that never ended and then purges them', async () => {
    const { storage, memory, create } = openStorage()
    const { id } = await create()
    expect(await storage.uploads.sweep()).toEqual({ failed: 0, purged: 0, kept: 0 })
    expect(await storage.uploads.sweep(inHours(25))).toMatchObject({ failed: 1 })
    expect(await storage.uploads.load(id, ann)).toMatchObject({ status: 'failed' })
    expect(await storage.uploads.sweep(inHours(25))).toEqual({ failed: 0, purged: 1, kept: 0 })
    await expect(memory.loadAttachment(id, ann)).rejects.toEqual(code('not_found'))
  })

  it('removes the bytes of what was deleted, after the restore window', async () => {
    const { storage, files, upload } = openStorage({ restoreWindow: 3_600 })
    const { id } = await upload()
    await storage.uploads.delete(id, {}, ann)
    await storage.uploads.sweep()
    expect(await files.headAttachment(id, ann)).toMatchObject({ size: 5 })
    expect(await storage.uploads.sweep(inHours(2))).toEqual({ failed: 0, purged: 0, kept: 1 })
    expect(await files.headAttachment(id, ann)).toBeUndefined()
  })

  it('removes what an old URL wrote after the deletion', async () => {
    const { storage, files, upload, put } = openStorage({ restoreWindow: 1 })
    const attachment = await upload()
    await storage.uploads.delete(attachment.id, {}, ann)
    await storage.uploads.sweep(inHours(1))
    expect((await put(attachment, 'hello')).status).toBe(201)
    expect(await storage.uploads.sweep(inHours(25))).toEqual({ failed: 0, purged: 1, kept: 0 })
    expect(await files.headAttachment(attachment.id, ann)).toBeUndefined()
  })

  it('removes what an old URL wrote after the thread was deleted', async () => {
    const { storage, memory, files, upload, put } = openStorage()
    await storage.store.saveThread(thread('t1'), ann)
    const attachment = await upload()
    await storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
    await storage.store.deleteThread('t1', ann)
    await storage.uploads.sweep(inHours(2))
    expect((await put(attachment, 'hello')).status).toBe(201)
    await storage.uploads.sweep(inHours(25))
    expect(await files.headAttachment(attachment.id, ann)).toBeUndefined()
    await expect(memory.loadAttachment(attachment.id, ann)).rejects.toEqual(code('not_found'))
  })

  it('does not look at what is complete', async () => {
    const { storage, upload } = openStorage()
    await storage.uploads.complete((await upload()).id, ann)
    expect(await storage.uploads.sweep(inHours(50))).toEqual({ failed: 0, purged: 0, kept: 0 })
  })

  it('reports after each attachment, and looks at no more than it was asked to', async () => {
    const { storage, create } = openStorage()
    for (let n = 0; n < 3; n++) await create()
    const reports: SweepReport[] = []
    const done = await storage.uploads.sweep({ ...inHours(25), limit: 2, onProgress: (report) => reports.push(report) })
    expect(reports).toEqual([
      { failed: 1, purged: 0, kept: 0 },
      { failed: 2, purged: 0, kept: 0 },
    ])
    expect(done).toEqual(reports.at(-1))
  })

  it('stops after the attachment at hand, and the next one goes on', async () => {
    const { storage, create } = openStorage()
    for (let n = 0; n < 3; n++) await create()
    const stop = new AbortController()
    const stopped = storage.uploads.sweep({ ...inHours(25), signal: stop.signal, onProgress: () => stop.abort() })
    await expect(stopped).rejects.toEqual(code('aborted'))
    await expect(storage.uploads.sweep({ signal: stop.signal })).rejects.toEqual(code('aborted'))
    expect(await storage.uploads.sweep(inHours(25))).toEqual({ failed: 2, purged: 1, kept: 0 })
  })

  it.each([
    ['a date that is none', { before: new Date('never') }],
    ['no date', { before: '2026-01-01' as unknown as Date }],
    ['a limit of 0', { limit: 0 }],
  ])('refuses %s', async (_, options) => {
    await expect(openStorage().storage.uploads.sweep(options)).rejects.toEqual(code('invalid_argument'))
  })

  it('of several processes fails and purges everything, each once', async () => {
    const shared = newMemory()
    const failed: string[] = []
    const processes = Array.from({ length: 4 }, () =>
      openStorage({ onFailed: ({ id }) => void failed.push(id) }, shared),
    )
    for (let n = 0; n < 40; n++) await processes[0]?.create()
    const sweepAll = () => Promise.all(processes.map(({ storage }) => storage.uploads.sweep(inHours(25))))
    const reports = await sweepAll()
    expect(reports.reduce((sum, report) => sum + report.failed, 0)).toBe(40)
    expect(new Set(failed).size).toBe(40)
    expect(failed).toHaveLength(40)
    await sweepAll()
    expect(await shared.rows.listDue('9999', 100)).toEqual([])
  })

  it('does not go on while the backend is away', async () => {
    const shared = newMemory()
    const { storage, upload } = openStorage({}, shared)
    for (let n = 0; n < 3; n++) await upload()
    let asked = 0
    shared.blobs.delete = async () => {
      asked++
      throw new StorageError('unavailable', 'the bucket is away')
    }
    await expect(storage.uploads.sweep(inHours(25))).rejects.toEqual(code('unavailable'))
    expect(asked).toBe(1)
  })

  it('settles the others before it says that one cannot be settled', async () => {
    const shared = newMemory()
    const { storage, files, upload } = openStorage({}, shared)
    const [stuck, other] = [await upload(), await upload()]
    shared.blobs.delete = async function (key) {
      if (key.endsWith(stuck.id)) throw new StorageError('unauthorized', 'this object is locked')
      await Object.getPrototypeOf(this).delete.call(this, key)
    }
    await expect(storage.uploads.sweep(inHours(25))).rejects.toEqual(code('unauthorized'))
    expect(await files.headAttachment(other.id, ann)).toBeUndefined()
  })
})
