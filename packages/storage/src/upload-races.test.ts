import { describe, expect, it } from 'vitest'
import { ann, inHours, newMemory, type OpenStorage, openStorage } from '../test/open-storage.ts'
import { restless } from '../test/restless.ts'
import type { UploadEvent } from './index.ts'

const tries = 200

type Step = (opened: OpenStorage, id: string) => Promise<unknown>

const steps: Record<string, Step> = {
  complete: ({ storage }, id) => storage.uploads.complete(id, ann),
  load: ({ storage }, id) => storage.store.loadAttachment(id, ann),
  fail: ({ storage }, id) => storage.uploads.fail(id, { reason: 'gave up' }, ann),
  delete: ({ storage }, id) => storage.uploads.delete(id, {}, ann),
  sweep: ({ storage }) => storage.uploads.sweep(inHours(25)),
}

/** What may have happened, in order: one transition, and after it at most the deletion. */
const histories: Record<string, readonly string[]> = {
  'complete × complete': ['complete'],
  'complete × load': ['complete'],
  'complete × fail': ['complete', 'failed'],
  'complete × sweep': ['complete', 'failed'],
  'complete × delete': ['deleted', 'complete deleted'],
  'fail × fail': ['failed'],
  'fail × sweep': ['failed'],
  'fail × delete': ['deleted', 'failed deleted'],
  'delete × sweep': ['deleted', 'failed deleted'],
  'delete × delete': ['deleted'],
  'sweep × sweep': ['failed'],
}

const answers = ['done', 'conflict', 'not_found']

describe(`of ${tries} races, each has exactly one transition and one event`, () => {
  it.each(Object.entries(histories))('%s', async (race, allowed) => {
    const seen = new Set<string>()
    for (let round = 0; round < tries; round++) {
      const { history, ends } = await run(race.split(' × '), round)
      expect(allowed, `round ${round}`).toContain(history)
      for (const [name, end] of ends) expect(name === 'sweep' ? ['done'] : answers, name).toContain(end)
      seen.add(history)
    }
    expect([...seen].sort()).toEqual([...allowed].sort())
  })
})

/** Runs the steps in two processes, and tells what the listeners of both heard and how each ended. */
async function run(names: readonly string[], round: number) {
  const heard: string[] = []
  const note = (name: string) => (_: UploadEvent) => void heard.push(name)
  const listeners = { onComplete: note('complete'), onFailed: note('failed'), onDeleted: note('deleted') }
  const { rows, blobs } = newMemory()
  const processes = names.map((_, index) =>
    openStorage(listeners, { rows: restless(rows, round * 2 + index), blobs: restless(blobs, round * 2 + index) }),
  )
  const { id } = await openStorage({}, { rows, blobs }).upload()
  const work = processes.map(async (opened, index) => {
    if (round % 2 === index) await turns(round % 45)
    await steps[names[index] ?? '']?.(opened, id)
  })
  const ends = (await Promise.allSettled(work)).map((end, index): [name: string, end: string] => {
    return [names[index] ?? '', end.status === 'fulfilled' ? 'done' : end.reason.code]
  })
  const left = await rows.getAttachment({ scope: ann.tenant, attachmentId: id })
  const status = left ? JSON.parse(left.state).status : 'purged'
  expect([heard.at(-1), 'purged']).toContain(status)
  return { history: heard.join(' '), ends }
}

/** Lets others go first so often. */
async function turns(left: number): Promise<void> {
  for (let turn = 0; turn < left; turn++) await Promise.resolve()
}
