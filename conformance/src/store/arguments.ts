import type { Store } from '@threadkeep/core'
import { expectCode, expectSame } from '../expect-code.ts'
import { attachment, message, thread, withFields } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'
import { fillThread } from './fill.ts'
import { badIds } from './hostile-ids.ts'
import type { StoreCase } from './store-case.ts'
import { idsOf } from './walk.ts'

export const argumentCases: readonly StoreCase[] = [
  {
    id: 'arguments/ids',
    promise: 'Every method refuses an id that is no good with invalid_argument.',
    async run(trial) {
      await fillThread(trial, 't1', ['m1'])
      for (const [what, id] of badIds) {
        for (const [method, call] of Object.entries(withId(trial.store, id as never, trial.context))) {
          await expectCode(call(), 'invalid_argument', `${method} with ${what}`)
        }
      }
      expectSame(idsOf(await trial.store.loadThreads(9, null, 'asc', trial.context)), ['t1'], 'a thread was stored')
      const page = await trial.store.loadThreadItems('t1', null, 9, 'asc', trial.context)
      expectSame(idsOf(page), ['m1'], 'an item was stored')
    },
  },
  {
    id: 'arguments/limits',
    promise: 'A limit that is not a whole number of at least 1 is refused with invalid_argument.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1'])
      for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null, undefined, {}, 1n]) {
        const bad = limit as never
        await expectCode(store.loadThreads(bad, null, 'asc', context), 'invalid_argument', `loadThreads(${limit})`)
        const items = store.loadThreadItems('t1', null, bad, 'asc', context)
        await expectCode(items, 'invalid_argument', `loadThreadItems(${limit})`)
      }
    },
  },
  {
    id: 'arguments/orders',
    promise: "An order other than 'asc' and 'desc' is refused with invalid_argument.",
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1'])
      for (const order of ['up', 'ASC', '', null, undefined, 1, 'asc; drop table']) {
        const bad = order as never
        await expectCode(store.loadThreads(9, null, bad, context), 'invalid_argument', `loadThreads(${order})`)
        const items = store.loadThreadItems('t1', null, 9, bad, context)
        await expectCode(items, 'invalid_argument', `loadThreadItems(${order})`)
      }
    },
  },
  {
    id: 'arguments/bodies',
    promise: 'What is no object, or cannot be written as JSON, is refused with invalid_argument, and nothing changes.',
    async run(trial) {
      const { store, context } = trial
      await fillThread(trial, 't1', ['m1'])
      await store.saveAttachment(attachment('a1'), context)
      for (const body of [null, undefined, 'text', 7, true, [], [thread('t1')], () => {}, Symbol('s'), 1n]) {
        await expectRefused(store, body, `a body that is ${String(body) || 'an array'}`, context)
      }
      const circle: Record<string, unknown> = { id: 'm1', created_at: '2026-01-01T00:00:00Z' }
      circle.self = circle
      await expectRefused(store, circle, 'a circle', context)
      await expectRefused(store, { id: 'm1', big: 1n }, 'a bigint inside', context)
      const thrower = { id: 'm1', toJSON: () => refuseJson() }
      await expectRefused(store, thrower, 'a toJSON that throws', context)
      expectSame(await store.loadThread('t1', context), thread('t1'), 'the thread changed')
      expectSame(await store.loadItem('t1', 'm1', context), message('t1', 'm1'), 'the item changed')
      expectSame(await store.loadAttachment('a1', context), attachment('a1'), 'the attachment changed')
    },
  },
  {
    id: 'arguments/checked-first',
    promise:
      'Bad arguments are invalid_argument also where the thread is missing: they are checked before anything else.',
    async run({ store, context }) {
      await expectCode(store.addThreadItem('t9', { id: '' } as never, context), 'invalid_argument', 'addThreadItem')
      await expectCode(store.loadItem('t9', '', context), 'invalid_argument', 'loadItem')
      await expectCode(store.loadThreadItems('t9', null, 0, 'asc', context), 'invalid_argument', 'loadThreadItems')
    },
  },
]

/** Every method that takes an id, once for each place of it. */
function withId(store: Store<SuiteContext>, id: string, context: SuiteContext): Record<string, () => Promise<unknown>> {
  return {
    loadThread: () => store.loadThread(id, context),
    saveThread: () => store.saveThread(withFields(thread('t1'), { id }), context),
    deleteThread: () => store.deleteThread(id, context),
    loadThreadItems: () => store.loadThreadItems(id, null, 9, 'asc', context),
    addThreadItem: () => store.addThreadItem(id, message('t1', 'm1'), context),
    'addThreadItem of an item': () => store.addThreadItem('t1', withFields(message('t1', 'm1'), { id }), context),
    saveItem: () => store.saveItem(id, message('t1', 'm1'), context),
    'saveItem of an item': () => store.saveItem('t1', withFields(message('t1', 'm1'), { id }), context),
    'loadItem in a thread': () => store.loadItem(id, 'm1', context),
    loadItem: () => store.loadItem('t1', id, context),
    'deleteThreadItem in a thread': () => store.deleteThreadItem(id, 'm1', context),
    deleteThreadItem: () => store.deleteThreadItem('t1', id, context),
    saveAttachment: () => store.saveAttachment(withFields(attachment('a1'), { id }), context),
    loadAttachment: () => store.loadAttachment(id, context),
    deleteAttachment: () => store.deleteAttachment(id, context),
  }
}

async function expectRefused(store: Store<SuiteContext>, body: unknown, what: string, context: SuiteContext) {
  await expectCode(store.saveThread(body as never, context), 'invalid_argument', `saveThread of ${what}`)
  await expectCode(store.addThreadItem('t1', body as never, context), 'invalid_argument', `addThreadItem of ${what}`)
  await expectCode(store.saveItem('t1', body as never, context), 'invalid_argument', `saveItem of ${what}`)
  await expectCode(store.saveAttachment(body as never, context), 'invalid_argument', `saveAttachment of ${what}`)
}

function refuseJson(): never {
  throw new TypeError('not today')
}
