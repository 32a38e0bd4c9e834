import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import type { BodyInput } from '@threadkeep/core'
import { expectCode } from '../expect-code.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { bytesOf, patternOf } from './bytes.ts'
import { expectNothingStored, expectStored } from './http.ts'
import { MadeBytes, mib } from './made-bytes.ts'

const forms: readonly ((made: MadeBytes) => BodyInput)[] = [(made) => made.stream(), (made) => made]

/** How writeAttachment treats the stream it is given. */
export const sourceCases: readonly AttachmentCase[] = [
  {
    id: 'sources/unread',
    promise: 'A write with a bad argument or an aborted signal asks its source for nothing, and the backend neither.',
    async run({ open, context }) {
      const store = await open({ allowedTypes: ['image/*'] })
      const type = 'image/png'
      await store.writeAttachment('a1', bytesOf('x'), context, { type })
      for (const form of forms) {
        const made = new MadeBytes(100_000)
        const write = (id: string, options: object) =>
          store.writeAttachment(id, form(made), context, { type, ...options })
        await expectCode(write('../a', {}), 'invalid_argument', 'a bad id')
        await expectCode(write('a2', { name: '' }), 'invalid_argument', 'a bad name')
        await expectCode(write('a2', { type: 'text/html' }), 'unsupported_type', 'a type that is not allowed')
        await expectCode(write('a1', { signal: AbortSignal.abort() }), 'aborted', 'an aborted signal and a taken id')
        assert.equal(made.given, 0, 'bytes were taken from the source')
      }
    },
  },
  {
    id: 'sources/too-long',
    promise: 'A write stops reading its source where it becomes too large.',
    async run({ open, context }) {
      const store = await open({ maxBytes: 100_000 })
      for (const form of forms) {
        const made = new MadeBytes(16 * mib)
        await expectCode(store.writeAttachment('a1', form(made), context), 'too_large', 'sixteen MiB')
        await setImmediate()
        assert.ok(made.given <= 500_000, `${made.given} bytes were read to see that they are more than 100,000`)
      }
    },
  },
  {
    id: 'sources/ended',
    promise: 'A write that fails ends its source, so that the files and connections behind it are closed.',
    async run(trial) {
      const store = await trial.open({ maxBytes: 100_000 })
      await store.writeAttachment('a1', bytesOf('x'), trial.context)
      for (const form of forms) {
        const large = new MadeBytes(16 * mib)
        await expectCode(store.writeAttachment('a2', form(large), trial.context), 'too_large', 'sixteen MiB')
        await expectEnded(large, 'too large')
        const late = new MadeBytes(100_000)
        await expectCode(store.writeAttachment('a1', form(late), trial.context), 'conflict', 'a taken id')
        await expectEnded(late, 'for a taken id')
        const abort = new AbortController()
        const stopped = new MadeBytes(100_000, { look: () => stopped.given > 0 && abort.abort() })
        const write = store.writeAttachment('a2', form(stopped), trial.context, { signal: abort.signal })
        await expectCode(write, 'aborted', 'an abort')
        await expectEnded(stopped, 'aborted')
      }
    },
  },
  {
    id: 'sources/stalled',
    promise: 'An abort ends a write whose source has come to a halt, and leaves the id free.',
    async run(trial) {
      const abort = new AbortController()
      const write = trial.store.writeAttachment('a1', haltingAfter(abort), trial.context, { signal: abort.signal })
      await expectCode(write, 'aborted', 'a write of a source that has come to a halt')
      await expectNothingStored(trial, 'a1')
      await trial.store.writeAttachment('a1', bytesOf('free'), trial.context)
    },
  },
  {
    id: 'sources/one-at-a-time',
    promise: 'A source is asked for one piece at a time, and gets all the time it needs.',
    async run(trial) {
      const made = new MadeBytes(mib)
      await trial.store.writeAttachment('a1', made, trial.context)
      assert.ok(!made.hurried, 'a piece was asked for before the one ahead of it had come')
      assert.equal((await trial.store.headAttachment('a1', trial.context))?.size, mib, 'the size')
    },
  },
  {
    id: 'sources/views',
    promise: 'Of a view into a larger buffer only its own bytes are stored, and changing them later changes nothing.',
    async run(trial) {
      const { store, context } = trial
      const buffer = patternOf(1_000)
      const view = buffer.subarray(100, 300)
      await store.writeAttachment('bytes', view, context)
      await store.writeAttachment('pieces', piecesOf([view, buffer.subarray(300, 301)]), context)
      buffer.fill(0)
      await expectStored(trial, 'bytes', patternOf(1_000).subarray(100, 300))
      await expectStored(trial, 'pieces', patternOf(1_000).subarray(100, 301))
    },
  },
  {
    id: 'sources/bad',
    promise: 'What is neither bytes nor a stream of them, or a stream that somebody reads, is invalid_argument.',
    async run(trial) {
      const locked = new MadeBytes(10).stream()
      locked.getReader()
      for (const data of [undefined, null, 'text', 7, {}, locked, piecesOf(['text']), piecesOf([bytesOf('a'), 7])]) {
        await expectRefused(trial, data)
      }
    },
  },
]

async function expectRefused(trial: AttachmentTrial, data: unknown): Promise<void> {
  const write = trial.store.writeAttachment('a1', data as BodyInput, trial.context)
  await expectCode(write, 'invalid_argument', `writing ${String(data)}`)
  await expectNothingStored(trial, 'a1')
}

/** The source is told with the next turn of the event loop at the latest. */
async function expectEnded(made: MadeBytes, what: string): Promise<void> {
  await setImmediate()
  assert.ok(made.ended, `the source of a write that was ${what} was left open`)
}

/** After its first piece it aborts; then it gives nothing for thousands of turns of the event loop, and ends. */
async function* haltingAfter(abort: AbortController): AsyncGenerator<Uint8Array> {
  yield bytesOf('first')
  abort.abort()
  for (let turn = 0; turn < 5_000; turn += 1) await setImmediate()
}

async function* piecesOf<T>(pieces: readonly T[]): AsyncGenerator<T> {
  yield* pieces
}
