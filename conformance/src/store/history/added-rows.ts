import type { Operation } from '../model/operation.ts'
import type { StoreCase } from '../store-case.ts'
import { clientPlans, instanceOf, runTogether } from './instance.ts'
import { expectOneOrder } from './one-order.ts'
import { withOtherProcess } from './other-process.ts'

const clients = 4
const rowsEach = 12
/** Four instants; the first is told in two ways. */
const instants = [
  '2026-01-01T12:00:00Z',
  '2026-01-01T13:00:00+01:00',
  '2026-01-01T12:00:00.001Z',
  '2026-01-01T11:00:00Z',
  '2026-01-01T14:00:00Z',
]

export const addedRowsCases: readonly StoreCase[] = [
  {
    id: 'concurrency/order-of-two-processes',
    promise: 'Rows that two processes add are in one order for all readers: by created_at, then as they were added.',
    slow: true,
    needs: 'another process',
    run: (trial) =>
      withOtherProcess(trial, async (other) => {
        const instances = [other, instanceOf(trial.store)]
        const run = (plans: readonly (readonly Operation[])[]) =>
          runTogether(instances, clientPlans(instances.length, plans, trial.context))
        await trial.store.saveThread(trial.thread('t1'), trial.context)
        const added = await run(Array.from({ length: clients }, (_, client) => additions(client)))
        expectOneOrder(added, await run(Array.from({ length: clients }, readings)))
      }),
  },
]

function additions(client: number): Operation[] {
  return Array.from({ length: rowsEach }, (_, index) => ({
    call: 'addThreadItem',
    tenant: 1,
    threadId: 't1',
    // Names in an order of their own, so that nothing can sort by them.
    itemId: `m${String((index * 7 + client * 5) % rowsEach).padStart(2, '0')}-${clients - client}`,
    version: index,
    at: instants[(index * 3 + client) % instants.length] ?? '',
  }))
}

function readings(): Operation[] {
  const page = { call: 'loadThreadItems', tenant: 1, threadId: 't1', after: null } as const
  return [
    { ...page, limit: 99, order: 'asc' },
    { ...page, limit: 7, order: 'asc' },
    { ...page, limit: 5, order: 'desc' },
  ]
}
