import { describe, expect, it } from 'vitest'
import { UnderWay } from './under-way.ts'

const never = new Promise<never>(() => {})

describe('work under way', () => {
  it('ends as it ends', async () => {
    const work = new UnderWay(1_000)
    expect(await work.run(Promise.resolve(7), 'it')).toBe(7)
    await expect(work.run(Promise.reject(new RangeError('its own')), 'it')).rejects.toThrow(RangeError)
  })

  it('is late on its own, whenever it began: earlier and later work keeps its time', async () => {
    const work = new UnderWay(40)
    const began = performance.now()
    const lateAfter = (promise: Promise<unknown>) => promise.catch(() => performance.now() - began)
    const first = lateAfter(work.run(never, 'first'))
    const ends = Promise.withResolvers<string>()
    const between = work.run(ends.promise, 'between')
    await lateAfter(new UnderWay(20).run(never, 'meanwhile'))
    const second = lateAfter(work.run(never, 'second'))
    ends.resolve('ended')
    expect(await between).toBe('ended')
    expect(await first).toBeGreaterThanOrEqual(39)
    expect(await second).toBeGreaterThanOrEqual(59)
  })

  it('is given its time anew after all of it was late', async () => {
    const work = new UnderWay(5)
    const message = 'it took longer than timeoutMs 5; it may still take effect'
    for (let i = 0; i < 3; i++) await expect(work.run(never, 'it')).rejects.toMatchObject({ code: 'timeout', message })
  })

  it('waits for ever where there is no deadline, and is waited for', async () => {
    const work = new UnderWay(1)
    const ends = Promise.withResolvers<string>()
    const patient = work.runWithoutDeadline(ends.promise)
    await expect(work.run(never, 'it')).rejects.toMatchObject({ code: 'timeout' })
    let ended = false
    const all = work.ended().then(() => {
      ended = true
    })
    await work.run(Promise.resolve(), 'other')
    expect(ended).toBe(false)
    ends.resolve('done')
    await all
    expect(await patient).toBe('done')
  })
})
