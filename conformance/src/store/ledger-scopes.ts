import { expectCode, expectSame } from '../expect-code.ts'
import { walkScopes } from './ledger-walk.ts'
import type { StoreCase } from './store-case.ts'

const unmoved = { state: 'uploading', due: null, threadId: null }

/** In the order of their bytes. UTF-16 puts the last one before the two ahead of it, and people put `a` beside `A`. */
const byBytes = [' ', '-', 'A', 'B', 'Z', 'a', 'a-', 'aB', 'ab', 'ac', 'b', 'é', '\ue000', '\uffee', '😀']

export const ledgerScopeCases: readonly StoreCase[] = [
  {
    id: 'ledger/scopes',
    promise: 'listScopes gives every scope that has a thread or an attachment exactly once, and no other.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, store, stranger, thread, message, attachment } = trial
      const base = stranger().scope
      const scope = (mark: string) => `${base}${mark}`
      await store.saveThread(thread('t1'), { scope: scope('1') })
      await ledger.putAttachment(scope('2'), attachment('a1'), unmoved)
      for (const id of ['1', '2', '3']) {
        await store.saveThread(thread(`t${id}`), { scope: scope('3') })
        await store.addThreadItem(`t${id}`, message(`t${id}`, `m${id}`), { scope: scope('3') })
        await store.saveAttachment(attachment(`a${id}`), { scope: scope('3') })
      }
      const empty = { scope: scope('4') }
      await expectCode(
        store.addThreadItem('t1', message('t1', 'm1'), empty),
        'not_found',
        'an item of a missing thread',
      )
      await store.loadThreads(9, null, 'asc', empty)
      await store.deleteThread('t1', empty)
      await store.deleteAttachment('a1', empty)
      await ledger.releaseAttachments(empty.scope, 't1', new Date(0))
      for (const limit of [1, 2, 3, 4]) {
        expectSame(await walkScopes(trial, base, limit), ['1', '2', '3'].map(scope), `in pages of ${limit}`)
      }
    },
  },
  {
    id: 'ledger/scopes-by-bytes',
    promise: 'listScopes is in the order of UTF-8 bytes, and begins after any string, whether or not it is a scope.',
    needs: 'ledger',
    async run(trial) {
      const { ledger, store, stranger, thread } = trial
      const base = stranger().scope
      const scopes = byBytes.map((mark) => `${base}${mark}`)
      for (const scope of scopes.toReversed()) await store.saveThread(thread('t1'), { scope })
      for (const limit of [1, 4, scopes.length]) {
        expectSame(await walkScopes(trial, base, limit), scopes, `in pages of ${limit}`)
      }
      for (const [after, next] of [
        ['Aa', 'B'],
        ['a', 'a-'],
        ['aA', 'aB'],
        ['c', 'é'],
        ['z', 'é'],
        ['\uffed', '\uffee'],
        ['\uffff', '😀'],
      ] as const) {
        expectSame(await ledger.listScopes(`${base}${after}`, 1), [`${base}${next}`], `after ${JSON.stringify(after)}`)
      }
    },
  },
  {
    id: 'ledger/scopes-emptied',
    promise: 'A scope leaves listScopes with its last thread or attachment, and comes back with the next.',
    needs: 'ledger',
    async run(trial) {
      const { store, stranger, thread, message, attachment } = trial
      const base = stranger().scope
      const context = { scope: `${base}1` }
      const expectListed = async (listed: boolean, when: string) =>
        expectSame(await walkScopes(trial, base, 2), listed ? [context.scope] : [], when)
      for (const id of ['t1', 't2']) await store.saveThread(thread(id), context)
      await store.addThreadItem('t1', message('t1', 'm1'), context)
      await store.saveAttachment(attachment('a1'), context)
      await store.deleteThread('t1', context)
      await expectListed(true, 'with a thread and an attachment')
      await store.deleteThread('t2', context)
      await expectListed(true, 'with an attachment')
      await store.saveThread(thread('t1'), context)
      await store.deleteAttachment('a1', context)
      await expectListed(true, 'with a thread')
      await store.deleteThread('t1', context)
      await expectListed(false, 'after the last thread was deleted')
      await store.saveAttachment(attachment('a1'), context)
      await expectListed(true, 'with an attachment again')
      await store.deleteAttachment('a1', context)
      await expectListed(false, 'after the last attachment was deleted')
      await store.saveThread(thread('t1'), context)
      await expectListed(true, 'with a thread again')
    },
  },
  {
    id: 'ledger/scopes-meanwhile',
    promise: 'Scopes that exist throughout a walk of listScopes come exactly once, whatever tenants come and go.',
    needs: 'ledger',
    async run(trial) {
      const { store, stranger, thread } = trial
      const base = stranger().scope
      const scopes = Array.from({ length: 9 }, (_, index) => `${base}${index + 1}`)
      for (const scope of scopes) await store.saveThread(thread('t1'), { scope })
      const found = await walkScopes(trial, base, 2, async (page, last) => {
        if (page > 4) return
        if (page % 2 === 1) return store.deleteThread('t1', { scope: last })
        const newcomers = [`${base}0${page}`, `${last}0`, `${base}9${page}`, stranger().scope]
        for (const scope of newcomers) await store.saveThread(thread('t1'), { scope })
      })
      const throughout = found.filter((scope) => scopes.includes(scope))
      expectSame(throughout, scopes, 'the scopes that were there from the beginning')
      expectSame(found, [...new Set(found)].sort(), 'all that the walk gave')
    },
  },
]
