import assert from 'node:assert/strict'
import type { AttachmentMove } from '@threadkeep/core/driver'
import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { numbered } from './fill.ts'
import { idOf, walkAttachments } from './ledger-walk.ts'
import { present } from './present.ts'
import type { StoreCase, StoreTrial } from './store-case.ts'

const unmoved: AttachmentMove = { state: 'uploading', due: null, threadId: null }
const farAway = '2999-01-01T00:00:00.000Z'

export const ledgerAttachmentCases: readonly StoreCase[] = [
  {
    id: 'ledger/attachments',
    promise:
      'listAttachments gives every attachment of a tenant exactly once, oldest first, each with its private half.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, store, context, attachment } = trial
      const scope = ledger.scopeOf(context)
      const ids = ['a3', 'a1', 'b', 'A1', 'a2']
      for (const [index, id] of ids.entries()) {
        await ledger.putAttachment(scope, attachment(id), { state: `s${index}`, due: farAway, threadId: `t${index}` })
      }
      await store.saveAttachment(withFields(attachment('a3'), { name: 'new' }), context)
      await ledger.moveAttachment(await present(trial, 'b'), unmoved)
      const entries = await Promise.all(ids.map((id) => present(trial, id)))
      for (const limit of [1, 2, 5, 6]) {
        assert.deepEqual(await walkAttachments(trial, limit), entries, `in pages of ${limit}`)
      }
      for (const id of ['a1', 'a2']) await ledger.deleteAttachment(scope, id)
      expectSame(await idsOf(trial), ['a3', 'b', 'A1'], 'after two were deleted')
      await ledger.putAttachment(scope, attachment('a1'), unmoved)
      expectSame(await idsOf(trial), ['a3', 'b', 'A1', 'a1'], 'after one was saved again')
    },
  },
  {
    id: 'ledger/attachments-of-a-tenant',
    promise: 'listAttachments gives no attachment of another tenant, and takes none for a cursor.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, context, attachment } = trial
      const scope = ledger.scopeOf(context)
      const strangers = [':', ':a1', '%', '*', '/a'].map((mark) => `${scope}${mark}`)
      for (const stranger of strangers) {
        for (const id of ['a1', 'c1']) await ledger.putAttachment(stranger, attachment(id), unmoved)
      }
      expectSame(await idsOf(trial), [], 'before it has any')
      await expectCode(ledger.listAttachments(scope, 'c1', 9), 'invalid_cursor', 'a cursor before it has any')
      for (const id of ['b1', 'a1']) await ledger.putAttachment(scope, attachment(id), unmoved)
      expectSame(await idsOf(trial), ['b1', 'a1'], 'the attachments')
      await expectCode(ledger.listAttachments(scope, 'c1', 9), 'invalid_cursor', 'another tenant’s attachment')
      for (const stranger of strangers) {
        const found = (await ledger.listAttachments(stranger, null, 9)).map((entry) => [entry.scope, idOf(entry)])
        expectSame(
          found,
          [
            [stranger, 'a1'],
            [stranger, 'c1'],
          ],
          'the attachments of another tenant',
        )
      }
    },
  },
  {
    id: 'ledger/attachments-cursor',
    promise:
      'A cursor of listAttachments that was never there, or was deleted, is invalid_cursor, never the first page.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, store, context, attachment, thread } = trial
      const scope = ledger.scopeOf(context)
      for (const id of ['a1', 'a2', 'a3']) await ledger.putAttachment(scope, attachment(id), unmoved)
      await store.saveThread(thread('t9'), context)
      await ledger.deleteAttachment(scope, 'a2')
      for (const after of ['nobody', 'A1', 'a1 ', 'a2', 't9']) {
        await expectCode(ledger.listAttachments(scope, after, 9), 'invalid_cursor', `after ${after}`)
      }
      for (const after of ['a1\0', 'a1\ud800', 'x'.repeat(513)]) {
        const codes = ['invalid_cursor', 'invalid_argument']
        await expectCode(ledger.listAttachments(scope, after, 9), codes, 'after what is no id')
      }
      for (const none of [null, undefined, '']) {
        const found = await ledger.listAttachments(scope, none as null, 9)
        expectSame(found.map(idOf), ['a1', 'a3'], `after ${JSON.stringify(none)}`)
      }
      expectSame((await ledger.listAttachments(scope, 'a1', 9)).map(idOf), ['a3'], 'after the first')
      expectSame(await ledger.listAttachments(scope, 'a3', 9), [], 'after the last')
    },
  },
  {
    id: 'ledger/attachments-meanwhile',
    promise: 'Attachments that exist throughout a walk come exactly once, whatever is saved and deleted meanwhile.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, context, attachment } = trial
      const scope = ledger.scopeOf(context)
      const ids = numbered('a', 12)
      for (const id of ids) await ledger.putAttachment(scope, attachment(id), unmoved)
      const deleted = [[], ['a0000', 'a0008'], ['a0002', 'a0009'], ['a0004', 'a0010']]
      const found = await walkAttachments(trial, 2, async (page) => {
        if (!deleted[page]) return
        for (const id of deleted[page]) await ledger.deleteAttachment(scope, id)
        await ledger.putAttachment(scope, attachment(`new${page}`), unmoved)
        await ledger.putAttachment(scope, withFields(attachment('a0011'), { name: `new ${page}` }), unmoved)
      })
      const expected = [...ids.slice(0, 8), 'a0011', 'new1', 'new2', 'new3']
      expectSame(found.map(idOf), expected, 'what the walk gave')
    },
  },
]

async function idsOf(trial: StoreTrial): Promise<string[]> {
  return (await walkAttachments(trial, 2)).map(idOf)
}
