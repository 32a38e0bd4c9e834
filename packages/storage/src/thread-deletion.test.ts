import { describe, expect, it } from 'vitest'
import { atEach, interrupted, type Work } from '../test/interrupted.ts'
import { ann, code, inHours, type Memory, message, newMemory, openStorage, thread } from '../test/open-storage.ts'
import { expectSettled, sweepForDays } from '../test/settled.ts'

/** The memory of a thread, and of an attachment that waits for its message. */
async function prepared(): Promise<{ memory: Memory; id: string; deleteIt: Work; addIt: Work }> {
  const memory = newMemory()
  const { storage, upload } = openStorage({}, memory)
  await storage.store.saveThread(thread('t1'), ann)
  const attachment = await upload()
  return {
    memory,
    id: attachment.id,
    deleteIt: (other) => other.storage.store.deleteThread('t1', ann),
    addIt: (other) => {
      const content = other.storage.content({ filename: 'x.txt', content: 'aGVsbG8=' }, ann)
      return other.storage.store.addThreadItem('t1', message('m1', [attachment, content]), ann)
    },
  }
}

describe('a thread that is deleted while a message with attachments is saved', () => {
  it('keeps what is shown and leaks nothing, whenever the deletion comes', async () => {
    const ends = new Set<string>()
    const steps = await atEach(async (step) => {
      const { memory, id, deleteIt, addIt } = await prepared()
      const { met, end } = await interrupted(memory, step, addIt, deleteIt)
      ends.add(end)
      await sweepForDays(memory)
      expect(await expectSettled(memory), `deleted at step ${step}`).toEqual(met ? [id] : expect.any(Array))
      return met
    })
    expect(steps).toBeGreaterThan(8)
    expect([...ends].sort()).toEqual(['done', 'not_found'])
  })

  it('does so too when the message comes at any moment of the deletion', async () => {
    const steps = await atEach(async (step) => {
      const { memory, deleteIt, addIt } = await prepared()
      const { met, end } = await interrupted(memory, step, deleteIt, (other) => Promise.allSettled([addIt(other)]))
      expect(end).toBe('done')
      await sweepForDays(memory)
      await expectSettled(memory)
      return met
    })
    expect(steps).toBe(3)
  })

  it('does so too when the thread is swept soon, and made again', async () => {
    await atEach(async (step) => {
      const { memory, id, deleteIt, addIt } = await prepared()
      const { met } = await interrupted(memory, step, addIt, async (other) => {
        await deleteIt(other)
        await other.storage.uploads.sweep(inHours(0.5))
        await other.storage.store.saveThread(thread('t1'), ann)
      })
      await sweepForDays(memory)
      expect(await expectSettled(memory)).toContain(id)
      return met
    })
  })

  it('does so too when the thread is made again during a sweep, with a message that has the attachment', async () => {
    const steps = await atEach(async (step) => {
      const { memory, deleteIt, addIt } = await prepared()
      await addIt(openStorage({}, memory))
      await deleteIt(openStorage({}, memory))
      const sweep: Work = ({ storage }) => storage.uploads.sweep(inHours(2))
      const { met, end } = await interrupted(memory, step, sweep, async (other) => {
        await other.storage.store.saveThread(thread('t1'), ann)
        await Promise.allSettled([addIt(other)])
      })
      expect(end).toBe('done')
      await sweepForDays(memory)
      await expectSettled(memory)
      return met
    })
    expect(steps).toBeGreaterThan(4)
  })

  it('does so too when a sweep comes at any moment of either', async () => {
    for (const [what, later] of [
      ['addIt', 'deleteIt'],
      ['deleteIt', undefined],
    ] as const) {
      await atEach(async (step) => {
        const setting = await prepared()
        const { memory, addIt } = setting
        if (what === 'deleteIt') await addIt(openStorage({}, memory))
        const sweep: Work = ({ storage }) => storage.uploads.sweep(inHours(2))
        const { met, end } = await interrupted(memory, step, setting[what], sweep)
        expect(end).toBe('done')
        if (later) {
          await expectSettled(memory)
          await setting[later](openStorage({}, memory))
        }
        await sweepForDays(memory)
        expect(await expectSettled(memory), `${what}, swept at step ${step}`).toEqual([])
        return met
      })
    }
  })
})

describe('an attachment that two messages of a thread hold', () => {
  it.each([
    ['at once', 0],
    ['after a sweep has seen it', 2],
  ])('stays when one of them is refused, and goes with the thread: %s', async (_, hours) => {
    const steps = await atEach(async (step) => {
      const memory = newMemory()
      const { storage, upload } = openStorage({}, memory)
      await storage.store.saveThread(thread('t1'), ann)
      await storage.store.saveThread(thread('t2'), ann)
      const attachment = await upload()
      const large = { ...message('m1', [attachment]), quoted_text: 'x'.repeat(16 * 1024 * 1024) }
      const { met, end } = await interrupted(
        memory,
        step,
        (own) => own.storage.store.addThreadItem('t1', large, ann),
        async (other) => {
          await other.storage.uploads.sweep(inHours(hours))
          await other.storage.store.addThreadItem('t1', message('m2', [attachment]), ann)
        },
      )
      expect(end).toBe('too_large')
      const elsewhere = storage.store.addThreadItem('t2', message('m3', [attachment]), ann)
      if (!met) await elsewhere
      else await expect(elsewhere, `step ${step}`).rejects.toEqual(code('conflict'))
      await expectSettled(memory)
      for (const id of ['t1', 't2']) await storage.store.deleteThread(id, ann)
      await sweepForDays(memory)
      expect(await expectSettled(memory)).toEqual([])
      return met
    })
    expect(steps).toBe(6)
  })
})
