import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { bytesOf, patternOf, sha256Of, streamOf } from './bytes.ts'
import { createUpload, expectAccepted, expectNothingStored, expectStored, send } from './http.ts'

export const writeCases: readonly AttachmentCase[] = [
  {
    id: 'write/bytes',
    promise:
      'writeAttachment stores bytes, tells what headAttachment tells, and takes application/octet-stream as the type.',
    async run(trial) {
      const { store, context } = trial
      const written = await store.writeAttachment('a1', bytesOf('hello'), context)
      await expectStored(trial, 'a1', bytesOf('hello'))
      const info = await store.headAttachment('a1', context)
      const { size, type, etag } = written
      expectSame([size, type, etag], [info?.size, info?.type, info?.etag], 'written and head')
      expectSame([size, type], [5, 'application/octet-stream'], 'size and type')
      if (info?.sha256 !== undefined) assert.equal(info.sha256, sha256Of(bytesOf('hello')), 'the sha256')
    },
  },
  {
    id: 'write/streams',
    promise: 'writeAttachment stores streams and async iterables of unknown length, empty ones too.',
    slow: true,
    async run(trial) {
      const { store, context } = trial
      const bytes = patternOf(6 * 2 ** 20 + 1)
      await store.writeAttachment('stream', streamOf(bytes), context, { type: 'video/mp4', name: 'clip.mp4' })
      await expectStored(trial, 'stream', bytes)
      await store.writeAttachment('iterable', piecesOf(['a', '', 'b', 'c']), context)
      await expectStored(trial, 'iterable', bytesOf('abc'))
      await store.writeAttachment('empty', streamOf(new Uint8Array(0)), context)
      await expectStored(trial, 'empty', new Uint8Array(0))
    },
  },
  {
    id: 'write/create-only',
    promise: 'An id that has bytes keeps them: writing it again is a conflict, also after an upload.',
    async run(trial) {
      const { store, context } = trial
      const before = await store.writeAttachment('a1', bytesOf('first'), context)
      await expectCode(store.writeAttachment('a1', bytesOf('later'), context), 'conflict', 'bytes')
      await expectCode(store.writeAttachment('a1', streamOf(bytesOf('later')), context), 'conflict', 'a stream')
      await expectStored(trial, 'a1', bytesOf('first'))
      assert.equal((await store.headAttachment('a1', context))?.etag, before.etag, 'the etag')
    },
  },
  {
    id: 'write/after-an-upload',
    promise: 'Writing over uploaded bytes is a conflict.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, bytesOf('uploaded'))
      expectAccepted(await send(upload))
      const write = trial.store.writeAttachment(upload.id, bytesOf('written'), trial.context)
      await expectCode(write, 'conflict', 'writeAttachment')
      await expectStored(trial, upload.id, bytesOf('uploaded'))
    },
  },
  {
    id: 'write/one-winner',
    promise: 'Of ten writes of one id at once exactly one succeeds, and the others are conflicts.',
    level: 'concurrent',
    async run(trial) {
      const { store, context } = trial
      const other = await trial.open()
      const bodies = Array.from({ length: 10 }, (_, digit) => new Uint8Array(50_000).fill(digit))
      const writes = bodies.map((bytes, index) => (index % 2 ? other : store).writeAttachment('a1', bytes, context))
      const results = await Promise.allSettled(writes)
      const winners = bodies.filter((_, index) => results[index]?.status === 'fulfilled')
      assert.equal(winners.length, 1, `${winners.length} writes succeeded`)
      await expectStored(trial, 'a1', winners[0] ?? new Uint8Array(0))
      for (const result of results) {
        if (result.status === 'rejected')
          await expectCode(Promise.reject(result.reason), 'conflict', 'a write that lost')
      }
    },
  },
  {
    id: 'write/failing-stream',
    promise: 'A stream that fails leaves the id free.',
    async run(trial) {
      for (const size of [0, 10, 6 * 2 ** 20]) {
        const failing = streamOf(patternOf(size), new Error('the disk was pulled out'))
        await assert.rejects(trial.store.writeAttachment('a1', failing, trial.context), `failing after ${size} bytes`)
        await expectFree(trial, 'a1')
      }
    },
  },
  {
    id: 'write/aborted',
    promise: 'An aborted write rejects with aborted and leaves the id free; an aborted signal reads nothing.',
    async run(trial) {
      const { store, context } = trial
      const early = { signal: AbortSignal.abort() }
      await expectCode(store.writeAttachment('a1', bytesOf('x'), context, early), 'aborted', 'an aborted signal')
      await expectFree(trial, 'a1')
      const abort = new AbortController()
      const endless = piecesUntil(() => abort.abort())
      const write = store.writeAttachment('a1', endless, context, { signal: abort.signal })
      await expectCode(write, 'aborted', 'an abort in the middle')
      await expectFree(trial, 'a1')
    },
  },
  {
    id: 'write/too-long',
    promise: 'More than maxBytes is too_large and leaves the id free; exactly maxBytes is stored.',
    async run(trial) {
      const store = await trial.open({ maxBytes: 100_000 })
      const { context } = trial
      await expectCode(store.writeAttachment('a1', patternOf(100_001), context), 'too_large', 'bytes')
      await expectFree(trial, 'a1')
      await expectCode(store.writeAttachment('a1', streamOf(patternOf(100_001)), context), 'too_large', 'a stream')
      await expectFree(trial, 'a1')
      await store.writeAttachment('a1', streamOf(patternOf(100_000)), context)
      await expectStored(trial, 'a1', patternOf(100_000))
    },
  },
]

/** Nothing is there, and something can be written; it is removed again. */
async function expectFree(trial: AttachmentTrial, id: string): Promise<void> {
  await expectNothingStored(trial, id)
  await trial.store.writeAttachment(id, bytesOf('free'), trial.context)
  await expectStored(trial, id, bytesOf('free'))
  await trial.store.deleteAttachment(id, trial.context)
}

async function* piecesOf(pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield bytesOf(piece)
}

async function* piecesUntil(stop: () => void): AsyncGenerator<Uint8Array> {
  for (let count = 0; count < 1_000; count += 1) {
    if (count === 5) stop()
    yield new Uint8Array(10_000)
  }
}
