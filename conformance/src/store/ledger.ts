import assert from 'node:assert/strict'
import type { AttachmentMove } from '@threadkeep/core/driver'
import { expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { present } from './present.ts'
import type { StoreCase } from './store-case.ts'

const unmoved: AttachmentMove = { state: 'uploading', due: null, threadId: null }

export const ledgerCases: readonly StoreCase[] = [
  {
    id: 'ledger/private-half',
    promise: 'The private half of a record is kept beside it and never shows in the attachment.',
    needs: 'ledger',
    async run({ ledger, store, context, attachment }) {
      const scope = ledger.scopeOf(context)
      const move = { state: 'uploading', due: '2999-01-01T00:00:00.000Z', threadId: 't1' }
      assert.equal(await ledger.getAttachment(scope, 'a1'), undefined, 'a missing record is undefined')
      await ledger.putAttachment(scope, attachment('a1'), move)
      const entry = await ledger.getAttachment(scope, 'a1')
      const { revision, ...rest } = entry ?? { revision: -1 }
      assert.ok(Number.isSafeInteger(revision) && revision >= 0, 'the revision is a whole number')
      expectSame({ ...rest }, { scope, attachment: attachment('a1'), ...move }, 'the entry')
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the public record')
    },
  },
  {
    id: 'ledger/save-replaces-only-the-body',
    promise:
      'saveAttachment and putAttachment of a record that exists replace the attachment and nothing of its private half.',
    needs: 'ledger',
    async run({ ledger, store, context, attachment }) {
      const scope = ledger.scopeOf(context)
      const move = { state: 'complete', due: '2999-01-01T00:00:00.000Z', threadId: 't1' }
      await ledger.putAttachment(scope, attachment('a1'), move)
      const before = await ledger.getAttachment(scope, 'a1')
      await store.saveAttachment(withFields(attachment('a1'), { name: 'new' }), context)
      const expected = { ...before, attachment: withFields(attachment('a1'), { name: 'new' }) }
      assert.deepEqual(await ledger.getAttachment(scope, 'a1'), expected, 'after saveAttachment')
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      assert.deepEqual(await ledger.getAttachment(scope, 'a1'), before, 'after putAttachment')
    },
  },
  {
    id: 'ledger/one-winner',
    promise: 'Of twenty moves from one reading exactly one wins, and what is stored is the winner’s.',
    level: 'concurrent',
    needs: 'ledger',
    async run(trial) {
      const { ledger, attachment } = trial
      const scope = ledger.scopeOf(trial.context)
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      const entry = await present(trial, 'a1')
      const moves = Array.from({ length: 20 }, (_, index) => ({
        ...unmoved,
        state: `s${index}`,
        threadId: `t${index}`,
      }))
      const won = await Promise.all(moves.map((move) => ledger.moveAttachment(entry, move)))
      expectSame(won.filter(Boolean), [true], 'winners')
      const after = await present(trial, 'a1')
      expectSame([after.state, after.threadId], [`s${won.indexOf(true)}`, `t${won.indexOf(true)}`], 'what is stored')
      assert.equal(await ledger.moveAttachment(entry, unmoved), false, 'a move from an old reading')
      assert.equal(await ledger.moveAttachment(after, unmoved), true, 'a move from a new reading')
      expectSame((await present(trial, 'a1')).attachment, attachment('a1'), 'the attachment changed')
    },
  },
  {
    id: 'ledger/move-of-nothing',
    promise: 'A move of a record that was deleted meanwhile is false and brings nothing back.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, context, attachment } = trial
      const scope = ledger.scopeOf(context)
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      const entry = await present(trial, 'a1')
      await ledger.deleteAttachment(scope, 'a1')
      assert.equal(await ledger.moveAttachment(entry, { ...unmoved, state: 'complete' }), false, 'the move')
      assert.equal(await ledger.getAttachment(scope, 'a1'), undefined, 'the record is back')
      await ledger.deleteAttachment(scope, 'a1')
    },
  },
]
