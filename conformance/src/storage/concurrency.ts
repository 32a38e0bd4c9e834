import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import { created, expectStatus, hasBytes, loadIfThere, rowOf, uploaded } from './prepared.ts'
import { codesOf, racing } from './racing.ts'
import type { StorageCase } from './storage-case.ts'
import { dayAfter, ofMinutes, sweepIn } from './sweeping.ts'

/** Steps of one upload that meet: one final state, and answers that fit it. */
export const concurrencyCases: readonly StorageCase[] = [
  {
    id: 'concurrency/two-completes',
    promise: 'Completes that race all succeed, with one record.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      await racing(async (late) => {
        const { id } = await uploaded(trial)
        const records = await Promise.all([
          storage.uploads.complete(id, context),
          late(() => other.storage.uploads.complete(id, context)),
          storage.uploads.complete(id, context),
        ])
        const after = await storage.uploads.load(id, context)
        assert.equal(after.status, 'complete', 'the status')
        for (const record of records) expectSame(record, after, 'what complete gave')
      })
    },
  },
  {
    id: 'concurrency/complete-and-fail',
    promise: 'Of complete and fail that race one wins and the other is refused; only a failed upload loses its bytes.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      await racing(async (late, round) => {
        const { id } = await uploaded(trial)
        const first = () => storage.uploads.complete(id, context)
        const second = () => other.storage.uploads.fail(id, { reason: 'gave up' }, context)
        const calls = round % 2 === 0 ? [first(), late(second)] : [late(first), second()]
        const [completed, failed] = await codesOf(calls)
        const { status, reason } = await storage.uploads.load(id, context)
        const complete = status === 'complete'
        // The loser may look for bytes that the winner has removed.
        assert.ok(
          complete ? completed === 'done' : ['conflict', 'object_missing'].includes(completed ?? ''),
          `complete: ${completed}, ${status}`,
        )
        assert.equal(failed, complete ? 'conflict' : 'done', `fail: ${failed}, ${status}`)
        expectSame([status, reason], complete ? ['complete', null] : ['failed', 'gave up'], 'the record')
        assert.equal(await hasBytes(trial, id), complete, `the bytes, ${status}`)
      })
    },
  },
  {
    id: 'concurrency/complete-and-sweep',
    promise:
      'Of complete and a sweep that finds the upload stale one wins: complete with its bytes, or failed without.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const other = await ofMinutes(trial)
      await racing(async (late, round) => {
        const { id } = await uploaded(minutes)
        const complete = () => minutes.storage.uploads.complete(id, trial.context)
        const sweep = () => sweepIn(other, dayAfter)
        const calls = round % 2 === 0 ? [complete(), late(sweep)] : [late(complete), sweep()]
        const [completed, swept] = await codesOf(calls)
        const record = await loadIfThere(minutes, id)
        assert.equal(swept, 'done', 'the sweep')
        if (completed === 'done') assert.equal(record?.status, 'complete', 'the status after complete resolved')
        else assert.ok(!record || record.status === 'failed', `complete rejected, but it is ${record?.status}`)
        assert.equal(await hasBytes(trial, id), completed === 'done', `the bytes, complete: ${completed}`)
      })
    },
  },
  {
    id: 'concurrency/complete-and-delete',
    promise: 'A deletion that races complete always hides the attachment; complete tells a record or not_found.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const other = await trial.open()
      await racing(async (late, round) => {
        const { id } = await uploaded(trial)
        const complete = () => storage.uploads.complete(id, context)
        const remove = () => other.storage.uploads.delete(id, {}, context)
        const calls = round % 2 === 0 ? [complete(), late(remove)] : [late(complete), remove()]
        const [completed, deleted] = await codesOf(calls)
        assert.equal(deleted, 'done', 'the deletion')
        assert.ok(completed === 'done' || completed === 'not_found', `complete: ${completed}`)
        assert.equal(await loadIfThere(trial, id), undefined, 'it is not hidden')
        assert.ok((await rowOf(trial, id))?.due, 'no sweep will find the bytes')
      })
    },
  },
  {
    id: 'concurrency/two-sweeps',
    promise: 'Sweeps that race do the same as one: stale uploads fail, and lose their bytes and then their rows.',
    gap: 'createAttachment',
    async run(trial) {
      const sweepers = [await ofMinutes(trial), await ofMinutes(trial), await ofMinutes(trial)]
      const ids: string[] = []
      for (const minutes of [...sweepers, ...sweepers]) ids.push((await uploaded(minutes)).id)
      const kept = await created(trial)
      for (let sweeps = 0; sweeps < 3; sweeps += 1) {
        const codes = await codesOf(sweepers.map((minutes) => sweepIn(minutes, dayAfter)))
        expectSame(codes, ['done', 'done', 'done'], 'the sweeps')
      }
      for (const id of ids) {
        assert.equal(await hasBytes(trial, id), false, 'the bytes are still there')
        assert.equal(await rowOf(trial, id), undefined, 'the row is still there')
      }
      await expectStatus(trial, kept.id, 'uploading')
    },
  },
  {
    id: 'concurrency/delete-and-sweep',
    promise: 'A sweep that meets a deletion goes on.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const [minutes, other] = [await ofMinutes(trial), await ofMinutes(trial)]
      await racing(async (late, round) => {
        const { id } = await created(minutes)
        const remove = () => minutes.storage.uploads.delete(id, {}, trial.context)
        const sweep = () => sweepIn(other, dayAfter)
        const [removed, swept] = await codesOf(round % 2 === 0 ? [remove(), late(sweep)] : [late(remove), sweep()])
        assert.ok(removed === 'done' || removed === 'not_found', `the deletion: ${removed}`)
        assert.equal(swept, 'done', 'the sweep')
      })
    },
  },
]
