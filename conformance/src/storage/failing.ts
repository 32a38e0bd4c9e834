import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { completed, created, expectStatus, hasBytes, uploaded } from './prepared.ts'
import type { StorageCase } from './storage-case.ts'

const hostileReason = `Network\u0000 error\r\n\u001b[31mred\u0007 \u202Etxt.exe\u2028 ${'x'.repeat(5_000)}`

export const failingCases: readonly StorageCase[] = [
  {
    id: 'failing/reason',
    promise: 'fail keeps the reason and removes the bytes.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      for (const prepare of [created, uploaded]) {
        const { id } = await prepare(trial)
        const before = await storage.uploads.load(id, context)
        assert.equal(
          await storage.uploads.fail(id, { reason: 'the network is away' }, context),
          undefined,
          'its answer',
        )
        const expected = { ...before, status: 'failed', reason: 'the network is away' }
        assert.deepEqual(await storage.uploads.load(id, context), expected, 'the record')
        assert.equal(await hasBytes(trial, id), false, 'the bytes are still there')
      }
    },
  },
  {
    id: 'failing/again',
    promise: 'fail again, with another reason, changes nothing.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await created(trial)
      await storage.uploads.fail(id, { reason: 'the first' }, context)
      const before = await storage.uploads.load(id, context)
      await storage.uploads.fail(id, { reason: 'the second' }, context)
      expectSame(await storage.uploads.load(id, context), before, 'the record')
    },
  },
  {
    id: 'failing/clean-reason',
    promise:
      'A reason is one line of at most 500 characters without control characters; without any there is one in words.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      for (const [reason, start] of [
        [hostileReason, /^Network error /],
        ['x'.repeat(501), /^x+$/],
        ['\u0000\n', /^\S/],
        ['', /^\S/],
        [undefined, /^\S/],
      ] as const) {
        const { id } = await created(trial)
        await storage.uploads.fail(id, reason === undefined ? {} : { reason }, context)
        const kept = (await storage.uploads.load(id, context)).reason ?? ''
        assert.match(kept, start, 'the reason')
        assert.ok(kept.length <= 500, `a reason of ${kept.length} characters`)
        assert.doesNotMatch(kept, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, 'the reason has characters that control')
      }
    },
  },
  {
    id: 'failing/is-final',
    promise: 'complete after fail is a conflict, and the attachment is usable for nobody.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await uploaded(trial)
      await storage.uploads.fail(id, { reason: 'cancelled' }, context)
      await expectCode(storage.uploads.complete(id, context), 'conflict', 'complete')
      await expectCode(storage.store.loadAttachment(id, context), 'conflict', 'loadAttachment')
      await expectStatus(trial, id, 'failed')
    },
  },
  {
    id: 'failing/after-completion',
    promise: 'fail after complete is a conflict: the upload stays complete, with its bytes and without a reason.',
    gap: 'createAttachment',
    async run(trial) {
      const { storage, context } = trial
      const { id } = await completed(trial)
      await expectCode(storage.uploads.fail(id, { reason: 'late' }, context), 'conflict', 'fail')
      const { status, reason } = await storage.uploads.load(id, context)
      expectSame([status, reason], ['complete', null], 'status and reason')
      assert.ok(await hasBytes(trial, id), 'the bytes are gone')
    },
  },
  {
    id: 'failing/whole-characters',
    promise: 'A long reason is not cut in the middle of a character.',
    gap: 'createAttachment',
    async run(trial) {
      const { id } = await created(trial)
      await trial.storage.uploads.fail(id, { reason: `x${'😀'.repeat(400)}` }, trial.context)
      const { reason } = await trial.storage.uploads.load(id, trial.context)
      assert.ok(reason?.isWellFormed(), 'the reason ends in half a character')
    },
  },
]
