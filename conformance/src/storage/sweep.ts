import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { hasObjects } from '@threadkeep/core/driver'
import { expectAccepted } from '../attachments/http.ts'
import { expectCode } from '../expect-code.ts'
import { thread } from '../samples.ts'
import {
  completed,
  created,
  expectStatus,
  hasBytes,
  hello,
  loadIfThere,
  messageWith,
  rowOf,
  uploaded,
} from './prepared.ts'
import { codesOf } from './racing.ts'
import { replacing } from './replacing.ts'
import type { StorageCase } from './storage-case.ts'
import { dayAfter, ofMinutes, sweepIn } from './sweeping.ts'

/**
 * Sweeps go through all tenants of a backend, and others may be at work: looked at is only what happened to own
 * attachments, and one that is due may be gone already.
 */
export const sweepCases: readonly StorageCase[] = [
  {
    id: 'sweep/stale',
    promise: 'An upload that nobody completed fails with a reason a day after its URL, its bytes go, then its row.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      for (const prepare of [created, uploaded]) {
        const { id } = await prepare(minutes)
        await sweepIn(minutes, dayAfter)
        const record = await loadIfThere(minutes, id)
        if (record) assert.equal(record.status, 'failed', 'the status')
        if (record) assert.ok(record.reason, 'a failed upload has a reason')
        assert.equal(await hasBytes(trial, id), false, 'the bytes are still there')
        await expectCode(minutes.storage.uploads.complete(id, trial.context), ['conflict', 'not_found'], 'complete')
        await sweepIn(minutes, dayAfter)
        assert.equal(await rowOf(trial, id), undefined, 'the row is still there')
        await sweepIn(minutes, dayAfter)
        assert.equal(await loadIfThere(minutes, id), undefined, 'it came back')
      }
    },
  },
  {
    id: 'sweep/not-yet',
    promise: 'An upload that still has its time is left alone.',
    gap: 'createAttachment',
    async run(trial) {
      const [waiting, there] = [await created(trial), await uploaded(trial)]
      await sweepIn(trial, 0)
      await sweepIn(trial, dayAfter)
      for (const { id } of [waiting, there]) await expectStatus(trial, id, 'uploading')
      expectAccepted(await trial.upload(waiting, hello))
      await trial.storage.uploads.complete(waiting.id, trial.context)
      await trial.storage.uploads.complete(there.id, trial.context)
    },
  },
  {
    id: 'sweep/keeps-what-is-used',
    promise: 'What is complete stays, in a message or not, with its bytes.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const [free, bound] = [await completed(minutes), await completed(minutes)]
      await minutes.storage.store.saveThread(thread('t1'), trial.context)
      await minutes.storage.store.addThreadItem('t1', messageWith('t1', 'm1', [bound]), trial.context)
      for (const hours of [0, 2, dayAfter, dayAfter]) await sweepIn(minutes, hours)
      for (const { id } of [free, bound]) {
        await expectStatus(trial, id, 'complete')
        assert.ok(await hasBytes(trial, id), 'the bytes are gone')
      }
    },
  },
  {
    id: 'sweep/late-upload',
    promise: 'What comes through the URL of a failed upload is removed by the next sweep.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial)
      const stale = await created(minutes)
      await sweepIn(minutes, dayAfter)
      await minutes.upload(stale, hello)
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, stale.id), false, 'late bytes of a stale upload are still there')
      const failed = await created(minutes)
      await minutes.storage.uploads.fail(failed.id, { reason: 'gave up' }, trial.context)
      await minutes.upload(failed, hello)
      await sweepIn(minutes, dayAfter)
      assert.equal(await hasBytes(trial, failed.id), false, 'late bytes of a failed upload are still there')
    },
  },
  {
    id: 'sweep/one-that-cannot-be-purged',
    promise: 'Bytes that cannot be removed keep no sweep from the others.',
    gap: 'createAttachment',
    async run(trial) {
      const minutes = await ofMinutes(trial, { restoreWindow: 0 })
      const { store, attachments, context } = minutes
      const [first, second] = [await completed(minutes), await completed(minutes)]
      for (const { id } of [first, second]) await minutes.storage.uploads.delete(id, {}, context)
      assert.ok(hasObjects<unknown>(attachments), 'an attachment store of a storage has objects')
      const { objects } = attachments
      const stuck = replacing(objects, {
        delete: async (scope: string, id: string) => {
          if (id === first.id) throw new StorageError('configuration', 'one object is locked')
          await objects.delete(scope, id)
        },
      })
      const storage = trial.createStorage({ store, attachments: replacing(attachments, { objects: stuck }) })
      await codesOf([sweepIn({ storage }, dayAfter)])
      assert.equal(await hasBytes(trial, second.id), false, 'the bytes of another attachment')
    },
  },
]
