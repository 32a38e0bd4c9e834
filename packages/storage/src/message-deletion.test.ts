import type { Attachment } from '@threadkeep/core'
import { describe, expect, it } from 'vitest'
import { atEach, interrupted, type Work } from '../test/interrupted.ts'
import { ann, inHours, type Memory, message, newMemory, openStorage, thread } from '../test/open-storage.ts'
import { expectSettled, sweepForDays } from '../test/settled.ts'

/** A thread with one message and its attachment, as sweeps have long known them. */
async function prepared(): Promise<{ memory: Memory; attachment: Attachment }> {
  const memory = newMemory()
  const { storage, upload } = openStorage({}, memory)
  await storage.store.saveThread(thread('t1'), ann)
  const attachment = await upload()
  await storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
  await storage.uploads.sweep(inHours(2))
  return { memory, attachment }
}

const add =
  (id: string, attachment: Attachment): Work =>
  ({ storage }) =>
    storage.store.addThreadItem('t1', message(id, [attachment]), ann)
const remove: Work = ({ storage }) => storage.store.deleteThreadItem('t1', 'm1', ann)
const sweep: Work = ({ storage }) => storage.uploads.sweep(inHours(2))

/** After days, the attachment is there just when a message is that has it. */
async function expectOnlyWhatIsShown(memory: Memory, { id }: Attachment, told: string): Promise<void> {
  await sweepForDays(memory)
  const { data } = await openStorage({}, memory).storage.store.loadThreadItems('t1', null, 9, 'asc', ann)
  expect(await expectSettled(memory), told).toEqual(data.length > 0 ? [id] : [])
}

describe('a message that is deleted', () => {
  it.each([
    ['saved again', 'm1'],
    ['followed by another with its attachment', 'm2'],
  ])('while it is %s keeps what is shown and leaks nothing, whichever comes between', async (_, id) => {
    for (const order of ['deleted between', 'added between']) {
      const steps = await atEach(async (step) => {
        const { memory, attachment } = await prepared()
        const works = [add(id, attachment), remove] as const
        const [work, meanwhile] = order === 'deleted between' ? works : works.toReversed()
        const { met, end } = await interrupted(memory, step, work as Work, meanwhile as Work)
        expect(end).toBe('done')
        await expectOnlyWhatIsShown(memory, attachment, `${order}, at step ${step}`)
        return met
      })
      expect(steps).toBeGreaterThan(1)
    }
  })

  it('leaks nothing when a sweep comes at any moment of the deletion', async () => {
    const steps = await atEach(async (step) => {
      const { memory, attachment } = await prepared()
      const { met } = await interrupted(memory, step, remove, sweep)
      await expectOnlyWhatIsShown(memory, attachment, `swept at step ${step}`)
      return met
    })
    // The message is read and removed, and its attachment read and moved before and after.
    expect(steps).toBe(6)
  })

  it('keeps what is shown when a message with the attachment comes at any moment of the sweep', async () => {
    await atEach(async (step) => {
      const { memory, attachment } = await prepared()
      await remove(openStorage({}, memory))
      const late: Work = (other) => Promise.allSettled([add('m2', attachment)(other)])
      const { met, end } = await interrupted(memory, step, sweep, late)
      expect(end).toBe('done')
      await expectOnlyWhatIsShown(memory, attachment, `added at step ${step}`)
      return met
    })
  })

  it('leaves alone what is not in it: free attachments, those of others, and those that live elsewhere', async () => {
    const { memory, attachment } = await prepared()
    const { storage, upload } = openStorage({}, memory)
    const free = await upload()
    await storage.uploads.complete(free.id, ann)
    await storage.store.saveThread(thread('t2'), ann)
    const elsewhere = { ...free, id: 'x'.repeat(600) }
    await memory.rows.putItem(
      { scope: 'acme', threadId: 't2', itemId: 'm1' },
      { position: '1', body: JSON.stringify(message('m1', [attachment, free, elsewhere])) },
    )
    await storage.store.deleteThreadItem('t2', 'm1', ann)
    await sweepForDays(memory)
    expect(await expectSettled(memory)).toEqual([attachment.id, free.id].sort())
  })

  it('of more than a hundred with the attachment leaves it to its thread', async () => {
    const { memory, attachment } = await prepared()
    const opened = openStorage({}, memory)
    const ids = Array.from({ length: 100 }, (_, at) => `n${at}`)
    for (const id of ids) await add(id, attachment)(opened)
    for (const id of ['m1', ...ids]) await opened.storage.store.deleteThreadItem('t1', id, ann)
    await sweepForDays(memory)
    expect(await expectSettled(memory)).toEqual([attachment.id])
    await opened.storage.store.deleteThread('t1', ann)
    await sweepForDays(memory)
    expect(await expectSettled(memory)).toEqual([])
  })

  it('keeps what more than a hundred others have that came after it', async () => {
    const { memory, attachment } = await prepared()
    const opened = openStorage({}, memory)
    await remove(opened)
    for (let at = 0; at < 100; at++) await add(`n${at}`, attachment)(opened)
    await sweepForDays(memory)
    expect(await expectSettled(memory)).toEqual([attachment.id])
  })
})
