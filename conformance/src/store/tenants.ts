import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import { withFields } from '../samples.ts'
import { fillThread } from './fill.ts'
import type { StoreCase, StoreTrial } from './store-case.ts'
import { idsOf } from './walk.ts'

const ids = ['t1', 'b:t1', 'b/t1']

/** No scope of a pair may come together in one key with one of the ids, or be taken for the other scope. */
const siblings = [
  ['a', 'a:b'],
  ['a', 'a/b'],
  ['a', 'A'],
  ['a', 'a '],
  ['a', '{a}'],
  ['a*', 'ab'],
  ['a_', 'ab'],
  ['a%', 'ab'],
  ["a'", 'a"'],
  ['é', 'e\u0301'],
  ['a', 'a\n'],
  ['a:t1', 'a'],
  ['x'.repeat(512 - 40), `${'x'.repeat(511 - 40)}y`],
] as const

export const tenantCases: readonly StoreCase[] = [
  {
    id: 'scopes/strangers-see-nothing',
    promise: 'Another tenant’s records do not exist: loads are not_found, lists are empty.',
    async run(trial) {
      const { store } = trial
      await fillThread(trial, 't1', ['m1'])
      await store.saveAttachment(trial.attachment('a1'), trial.context)
      const stranger = trial.stranger()
      await expectCode(store.loadThread('t1', stranger), 'not_found', 'loadThread')
      await expectCode(store.loadItem('t1', 'm1', stranger), 'not_found', 'loadItem')
      await expectCode(store.loadAttachment('a1', stranger), 'not_found', 'loadAttachment')
      const item = trial.message('t1', 'm2')
      await expectCode(store.addThreadItem('t1', item, stranger), 'not_found', 'addThreadItem')
      await expectCode(store.saveItem('t1', item, stranger), 'not_found', 'saveItem')
      expectSame(idsOf(await store.loadThreads(9, null, 'asc', stranger)), [], 'loadThreads')
      expectSame(idsOf(await store.loadThreadItems('t1', 'm1', 9, 'asc', stranger)), [], 'loadThreadItems')
      await expectUntouched(trial)
    },
  },
  {
    id: 'scopes/strangers-change-nothing',
    promise: 'Another tenant can neither overwrite nor delete a record, but may use its ids for records of its own.',
    async run(trial) {
      const { store, thread, message, attachment } = trial
      await fillThread(trial, 't1', ['m1'])
      await store.saveAttachment(attachment('a1'), trial.context)
      const stranger = trial.stranger()
      for (const again of [1, 2]) {
        await store.saveThread(withFields(thread('t1'), { title: `of a stranger ${again}` }), stranger)
        await store.addThreadItem('t1', withFields(message('t1', 'm1'), { content: [] }), stranger)
        await store.saveAttachment(withFields(attachment('a1'), { name: 'of a stranger' }), stranger)
        await expectUntouched(trial)
        await store.deleteThreadItem('t1', 'm1', stranger)
        await store.deleteThread('t1', stranger)
        await store.deleteAttachment('a1', stranger)
        await expectUntouched(trial)
      }
    },
  },
  {
    id: 'scopes/siblings',
    promise: 'Scopes that look alike, or contain each other, are different tenants.',
    async run({ store, stranger, thread, message, attachment }) {
      const unique = stranger().scope
      for (const pair of siblings) {
        const tenants = pair.map((mark) => ({ scope: `${unique}${mark}` }))
        for (const tenant of tenants) {
          for (const id of ids) {
            await store.saveThread(withFields(thread(id), { title: tenant.scope }), tenant)
            await store.addThreadItem(id, message(id, tenant.scope.slice(-9)), tenant)
            await store.saveAttachment(withFields(attachment(id), { name: tenant.scope }), tenant)
          }
        }
        for (const tenant of tenants) {
          const what = `of ${JSON.stringify(tenant.scope.slice(-20))}`
          const { data } = await store.loadThreads(9, null, 'asc', tenant)
          expectSame(idsOf({ data, has_more: false, after: null }), ids, `the threads ${what}`)
          for (const { title } of data) assert.equal(title, tenant.scope, `a thread ${what}`)
          for (const id of ids) {
            const items = await store.loadThreadItems(id, null, 9, 'asc', tenant)
            expectSame(idsOf(items), [tenant.scope.slice(-9)], `the items of ${id} ${what}`)
            expectSame((await store.loadAttachment(id, tenant)).name, tenant.scope, `the attachment ${id} ${what}`)
          }
        }
        for (const tenant of tenants) await Promise.all(ids.map((id) => store.deleteThread(id, tenant)))
      }
    },
  },
  {
    id: 'scopes/read-at-each-call',
    promise: 'The scope is read at each call: one store serves many tenants at once.',
    async run({ store, stranger, thread }) {
      const tenants = Array.from({ length: 20 }, () => stranger())
      await Promise.all(
        tenants.map((tenant) => store.saveThread(withFields(thread('t1'), { title: tenant.scope }), tenant)),
      )
      const titles = await Promise.all(tenants.map(async (tenant) => (await store.loadThread('t1', tenant)).title))
      expectSame(
        titles,
        tenants.map(({ scope }) => scope),
        'the tenants’ threads',
      )
    },
  },
]

async function expectUntouched({ store, context, thread, message, attachment }: StoreTrial): Promise<void> {
  expectSame(await store.loadThread('t1', context), thread('t1'), 'the thread changed')
  expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the item changed')
  expectSame(idsOf(await store.loadThreadItems('t1', null, 9, 'asc', context)), ['m1'], 'the list of items changed')
  expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the attachment changed')
}
