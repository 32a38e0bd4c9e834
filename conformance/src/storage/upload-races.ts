import { runUploadRace, type UploadRace } from './run-upload-race.ts'
import type { StorageCase } from './storage-case.ts'

const races: readonly UploadRace[] = [
  {
    id: 'concurrency/two-completes',
    promise: 'Completes that race both succeed, with one record and one event.',
    callers: ['complete', 'complete'],
    histories: ['complete'],
  },
  {
    id: 'concurrency/complete-and-load',
    promise: 'complete and the first load that race both succeed, with one event.',
    callers: ['complete', 'load'],
    histories: ['complete'],
  },
  {
    id: 'concurrency/complete-and-fail',
    promise: 'Of complete and fail that race one wins and the other is refused; only a failed upload loses its bytes.',
    callers: ['complete', 'fail'],
    histories: ['complete', 'failed'],
  },
  {
    id: 'concurrency/complete-and-sweep',
    promise:
      'Of complete and a sweep that finds the upload stale one wins: complete with its bytes, or failed without.',
    callers: ['complete', 'sweep'],
    histories: ['complete', 'failed'],
  },
  {
    id: 'concurrency/complete-and-delete',
    promise: 'A deletion that races complete always hides the attachment; complete tells a record or not_found.',
    callers: ['complete', 'delete'],
    histories: ['deleted', 'complete deleted'],
  },
  {
    id: 'concurrency/two-fails',
    promise: 'Fails that race both succeed, with one event.',
    callers: ['fail', 'fail'],
    histories: ['failed'],
  },
  {
    id: 'concurrency/fail-and-sweep',
    promise: 'An upload that is failed while a sweep finds it stale fails once.',
    callers: ['fail', 'sweep'],
    histories: ['failed'],
  },
  {
    id: 'concurrency/fail-and-delete',
    promise: 'A deletion that races fail always hides the attachment; fail succeeds or tells not_found.',
    callers: ['fail', 'delete'],
    histories: ['deleted', 'failed deleted'],
  },
  {
    id: 'concurrency/delete-and-sweep',
    promise: 'A sweep that meets a deletion goes on, and the attachment is hidden.',
    callers: ['delete', 'sweep'],
    histories: ['deleted', 'failed deleted'],
  },
  {
    id: 'concurrency/two-deletions',
    promise: 'Of deletions that race one succeeds and the other tells not_found.',
    callers: ['delete', 'delete'],
    histories: ['deleted'],
  },
  {
    id: 'concurrency/two-sweeps',
    promise: 'Of sweeps that race for a stale upload one fails it.',
    callers: ['sweep', 'sweep'],
    histories: ['failed'],
  },
]

/** Steps of one upload that meet: one transition, one event, one final state, and answers that fit it. */
export const uploadRaceCases: readonly StorageCase[] = races.map((race) => ({
  ...race,
  slow: true,
  gap: 'createAttachment',
  run: (trial) => runUploadRace(race, trial),
}))
