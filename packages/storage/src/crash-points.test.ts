import type { Attachment } from '@threadkeep/core'
import { describe, expect, it } from 'vitest'
import {
  ann,
  inHours,
  type Memory,
  message,
  newMemory,
  type OpenStorage,
  openStorage,
  thread,
} from '../test/open-storage.ts'
import { expectSettled, sweepForDays } from '../test/settled.ts'
import { type AtStep, Steps } from '../test/steps.ts'

/** What a process was about when it died: prepared in sound processes, then done in the one that dies. */
interface Work {
  prepare?(sound: OpenStorage): Promise<Attachment>
  run(mortal: OpenStorage, prepared: Attachment): Promise<unknown>
}

const content = { filename: 'x.txt', content: 'aGVsbG8=' }

async function inThread({ storage, upload }: OpenStorage): Promise<Attachment> {
  await storage.store.saveThread(thread('t1'), ann)
  const attachment = await upload()
  await storage.store.addThreadItem('t1', message('m1', [attachment]), ann)
  return attachment
}

async function withThread({ storage, upload }: OpenStorage): Promise<Attachment> {
  await storage.store.saveThread(thread('t1'), ann)
  return upload()
}

const works: Record<string, Work> = {
  'creating an attachment': { run: ({ create }) => create() },
  'creating and uploading': { run: ({ upload }) => upload() },
  'completing an upload': {
    prepare: ({ upload }) => upload(),
    run: ({ storage }, { id }) => storage.uploads.complete(id, ann),
  },
  'finding wrong bytes': {
    prepare: async ({ create, files }) => {
      const attachment = await create({ size: 4 })
      await files.writeAttachment(attachment.id, Buffer.from('hello'), ann, { type: 'text/plain' })
      return attachment
    },
    run: ({ storage }, { id }) => storage.store.loadAttachment(id, ann),
  },
  'failing an upload': {
    prepare: ({ upload }) => upload(),
    run: ({ storage }, { id }) => storage.uploads.fail(id, {}, ann),
  },
  'deleting an attachment': {
    prepare: ({ upload }) => upload(),
    run: ({ storage }, { id }) => storage.uploads.delete(id, {}, ann),
  },
  'adding a message': {
    prepare: withThread,
    run: ({ storage }, attachment) => storage.store.addThreadItem('t1', message('m1', [attachment]), ann),
  },
  'adding a message to a thread that is gone': {
    prepare: ({ upload }) => upload(),
    run: ({ storage }, attachment) => storage.store.addThreadItem('t1', message('m1', [attachment]), ann),
  },
  'adding a message with a content': {
    prepare: withThread,
    run: ({ storage }, attachment) =>
      storage.store.addThreadItem('t1', message('m1', [attachment, storage.content(content, ann)]), ann),
  },
  'adding a message of which one content cannot be stored': {
    prepare: withThread,
    run: ({ storage }) => {
      const contents = [content, { filename: 'nothing' }].map((one) => storage.content(one, ann))
      return storage.store.addThreadItem('t1', message('m1', contents), ann)
    },
  },
  'storing a content': { run: ({ storage }) => storage.content(content, ann).ensureStored() },
  'storing a content again': {
    run: async ({ storage }) => {
      const one = storage.content(content, ann)
      await one.ensureStored()
      await one.ensureStored({ force: true })
    },
  },
  'deleting a thread': { prepare: inThread, run: ({ storage }) => storage.store.deleteThread('t1', ann) },
  'deleting a message': { prepare: inThread, run: ({ storage }) => storage.store.deleteThreadItem('t1', 'm1', ann) },
  'sweeping a stale upload': { prepare: ({ upload }) => upload(), run: sweepOften },
  'sweeping what was deleted': {
    prepare: async ({ upload, storage }) => {
      const attachment = await upload()
      await storage.uploads.delete(attachment.id, {}, ann)
      return attachment
    },
    run: sweepOften,
  },
  'sweeping after a thread was deleted': {
    prepare: async (sound) => {
      const attachment = await inThread(sound)
      await sound.storage.store.deleteThread('t1', ann)
      return attachment
    },
    run: sweepOften,
  },
  'sweeping after a message was deleted': {
    prepare: async (sound) => {
      const attachment = await inThread(sound)
      await sound.storage.store.deleteThreadItem('t1', 'm1', ann)
      return attachment
    },
    run: sweepOften,
  },
  'sweeping what is used': { prepare: inThread, run: sweepOften },
}

/** For a day, while clients still use old URLs. */
async function sweepOften({ storage, put }: OpenStorage, attachment: Attachment): Promise<void> {
  await storage.uploads.sweep(inHours(2))
  await put(attachment, 'hello')
  for (const hours of [26, 27]) await storage.uploads.sweep(inHours(hours))
}

const lost = () => new Error('the connection is gone')

/** How a process dies or suffers at its call number `at`. */
const ways: Record<string, (at: number) => AtStep> = {
  'dies before it': (at) => (step, go) => (step >= at ? Promise.reject(lost()) : go()),
  'meets a fault': (at) => (step, go) => (step === at ? Promise.reject(lost()) : go()),
  'loses the answer': (at) => async (step, go) => {
    const answer = await go()
    if (step === at) throw lost()
    return answer
  },
}

describe.each(Object.entries(works))('a process that is %s', (_, work) => {
  it.each(Object.entries(ways))('and %s, at any call, leaves nothing that sweeps do not put right', async (_, way) => {
    let at = 1
    for (; ; at++) {
      const memory = newMemory()
      const prepared = (await work.prepare?.(openStorage({}, memory))) ?? ({ id: 'none' } as Attachment)
      const steps = new Steps(way(at))
      const mortal = openStorage({}, { rows: steps.over(memory.rows), blobs: steps.over(memory.blobs) })
      await Promise.allSettled([work.run(mortal, prepared)])
      if (steps.count < at) break
      if (work.run !== sweepOften) await sendLate(memory, prepared)
      await sweepForDays(memory)
      await expectSettled(memory)
    }
    expect(at).toBeGreaterThan(1)
  })
})

/** What a client that heard nothing of it may do: send its bytes through the URL it has. */
async function sendLate(memory: Memory, attachment: Attachment): Promise<void> {
  if (attachment.upload_descriptor) await openStorage({}, memory).put(attachment, 'hello')
}
