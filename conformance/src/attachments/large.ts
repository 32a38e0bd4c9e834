import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { HeldMemory } from './held-memory.ts'
import { createUploadOf, expectAccepted } from './http.ts'
import { digestOf, MadeBytes, mib } from './made-bytes.ts'
import { sendMade } from './send-made.ts'

const size = 64 * mib

/** Objects that are too large to be held whole. */
export const largeCases: readonly AttachmentCase[] = [
  {
    id: 'large/there-and-back',
    promise: 'Sixty-four MiB of unknown length come back whole, from every instance, and in ranges.',
    slow: true,
    async run(trial) {
      const { store, context } = trial
      const whole = await writeLarge(trial)
      const other = await trial.open()
      expectSame(await digestOf((await other.readAttachment('large', context)).body), whole, 'what came back')
      assert.equal((await other.headAttachment('large', context))?.size, size, 'the size')
      const range = { start: size - 3 * mib - 1 }
      const end = await digestOf((await store.readAttachment('large', context, { range })).body)
      assert.equal(end.size, 3 * mib + 1, 'the size of a range at the end')
      await store.deleteAttachment('large', context)
    },
  },
  {
    id: 'large/upload',
    promise: 'Sixty-four MiB are uploaded as described.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { store, context } = trial
      const upload = await createUploadOf(trial, size, 'video/mp4')
      const made = new MadeBytes(size)
      expectAccepted(await sendMade(upload, made))
      const { body } = await store.readAttachment(upload.id, context)
      expectSame(await digestOf(body), { size, sha256: made.sha256 }, 'what came back')
      await store.deleteAttachment(upload.id, context)
    },
  },
  {
    id: 'large/memory',
    promise: 'Writing and reading sixty-four MiB hold at most thirty-two MiB more memory at any time.',
    slow: true,
    level: 'concurrent',
    gap: 'bounded-memory',
    async run(trial) {
      const { writing, reading } = await watchTransfer(trial)
      writing.expectBounded('the write')
      reading.expectBounded('the read')
    },
    async opposite(trial) {
      const { writing, reading } = await watchTransfer(trial)
      assert.ok(writing.exceeded || reading.exceeded, 'neither the write nor the read held the bytes')
    },
  },
  {
    id: 'large/slow-reader',
    promise: 'For a reader who stops after the first piece little is read ahead: at most thirty-two MiB are held.',
    slow: true,
    level: 'concurrent',
    gap: 'bounded-memory',
    async run(trial) {
      const whole = await writeLarge(trial)
      await readSlowly(async () => (await trial.store.readAttachment('large', trial.context)).body, whole)
      await trial.store.deleteAttachment('large', trial.context)
    },
  },
  {
    id: 'large/slow-download',
    promise: 'For a client who stops after the first piece little is read ahead: at most thirty-two MiB are held.',
    slow: true,
    level: 'concurrent',
    needs: 'handler',
    gap: 'bounded-memory',
    async run(trial) {
      const whole = await writeLarge(trial)
      const url = await trial.store.attachmentUrl('large', trial.context)
      await readSlowly(async () => (await fetch(url)).body ?? assert.fail('the answer has no body'), whole)
      await trial.store.deleteAttachment('large', trial.context)
    },
  },
]

type Whole = Awaited<ReturnType<typeof digestOf>>

async function writeLarge({ store, context }: AttachmentTrial): Promise<Whole> {
  const made = new MadeBytes(size)
  await store.writeAttachment('large', made.stream(), context)
  return { size, sha256: made.sha256 }
}

/** The first megabyte is there to load and to compile what stays. */
async function watchTransfer(trial: AttachmentTrial): Promise<{ writing: HeldMemory; reading: HeldMemory }> {
  await transfer(trial, mib)
  return transfer(trial, size)
}

async function transfer({ store, context }: AttachmentTrial, bytes: number) {
  const writing = new HeldMemory()
  const made = new MadeBytes(bytes, { look: () => writing.look() })
  await store.writeAttachment('large', made.stream(), context)
  const reading = new HeldMemory()
  const { body } = await store.readAttachment('large', context)
  const found = await digestOf(body, () => reading.look())
  expectSame(found, { size: bytes, sha256: made.sha256 }, 'what came back')
  await store.deleteAttachment('large', context)
  return { writing, reading }
}

/** Stops after the first piece until another reader is through with the same bytes, and then goes on. */
async function readSlowly(open: () => Promise<ReadableStream<Uint8Array>>, whole: Whole): Promise<void> {
  const memory = new HeldMemory()
  const slow = (await open())[Symbol.asyncIterator]()
  const first = await slow.next()
  expectSame(await digestOf(await open()), whole, 'what another reader got meanwhile')
  memory.look()
  memory.expectBounded('a reader who stopped')
  const rest = async function* () {
    if (!first.done) yield first.value
    yield* slow
  }
  expectSame(await digestOf(rest()), whole, 'what the slow reader got')
}
