import assert from 'node:assert/strict'
import type { SweepReport } from '@threadkeep/storage'
import { expectCode, expectSame } from '../expect-code.ts'
import { created, expectStatus, hasBytes, rowOf, uploaded } from './prepared.ts'
import { codesOf } from './racing.ts'
import type { StorageCase } from './storage-case.ts'
import { afterHours, dayAfter, ofMinutes, sweepIn } from './sweeping.ts'

/** How sweeps run: what they tell, when they stop, and that there may be several. */
export const sweepRunCases: readonly StorageCase[] = [
  {
    id: 'sweep/told-to-stop',
    promise: 'A sweep that is told to stop before it begins rejects with aborted, and does nothing.',
    async run({ storage }) {
      const sweep = storage.uploads.sweep({ signal: AbortSignal.abort() })
      await expectCode(sweep, 'aborted', 'the sweep')
    },
  },
  {
    id: 'sweep/counts',
    promise:
      'A sweep tells after each attachment what was done so far, looks at no more than its limit, and tells it all.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweepIn(minutes, dayAfter) // what others left
      for (let uploads = 0; uploads < 3; uploads += 1) await created(minutes)
      const told: SweepReport[] = []
      const options = { before: afterHours(dayAfter), onProgress: (report: SweepReport) => told.push(report) }
      const all = await minutes.storage.uploads.sweep({ ...options, limit: 2 })
      expectSame(told.map(totalOf), [1, 2], 'how many each report counts')
      expectSame(all, told.at(-1), 'the last report')
      assert.ok(all.failed > 0, 'none failed')
      await sweepIn(minutes, dayAfter)
      await sweepIn(minutes, dayAfter)
      const nothing = { failed: 0, purged: 0, kept: 0 }
      expectSame(await minutes.storage.uploads.sweep(options), nothing, 'a sweep when all is done')
    },
  },
  {
    id: 'sweep/stopped-and-gone-on',
    promise: 'A sweep that is told to stop does so after the attachment at hand; the next one does the rest.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const ids: string[] = []
      for (let uploads = 0; uploads < 3; uploads += 1) ids.push((await uploaded(minutes)).id)
      const stop = new AbortController()
      const told: SweepReport[] = []
      const onProgress = (report: SweepReport) => {
        told.push(report)
        stop.abort()
      }
      const sweep = minutes.storage.uploads.sweep({ before: afterHours(dayAfter), signal: stop.signal, onProgress })
      await expectCode(sweep, 'aborted', 'the sweep')
      expectSame(told.map(totalOf), [1], 'how many each report counts')
      const left = await Promise.all(ids.map((id) => hasBytes(trial, id)))
      assert.ok(left.filter(Boolean).length > 1, 'it went on')
      for (let sweeps = 0; sweeps < 2; sweeps += 1) await sweepIn(minutes, dayAfter)
      for (const id of ids) assert.equal(await rowOf(trial, id), undefined, 'the row is still there')
    },
  },
  {
    id: 'concurrency/three-sweeps',
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
]

function totalOf({ failed, purged, kept }: SweepReport): number {
  return failed + purged + kept
}
