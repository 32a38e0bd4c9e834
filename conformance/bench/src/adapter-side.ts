import type { Store } from '@threadkeep/core'
import { inFlight } from './in-flight.ts'
import { generateItem, generateThread } from './records.ts'
import { type StoreSide, tenant } from './store-side.ts'

/** Any store of ours, whose context is the tenant. */
export function adapterSide(store: Store<string>): StoreSide {
  const addItem = (threadId: string, id: string) => store.addThreadItem(threadId, generateItem(threadId, id), tenant)
  const saveThread = (id: string, of = tenant) => store.saveThread(generateThread(id), of)
  return {
    name: 'adapter',
    addItem,
    saveThread: (id) => saveThread(id),
    loadThread: (id) => store.loadThread(id, tenant),
    listThreads: (of, limit) => store.loadThreads(limit, null, 'desc', of),
    deleteThread: (id) => store.deleteThread(id, tenant),
    lastItems: (threadId, limit) => store.loadThreadItems(threadId, null, limit, 'desc', tenant),
    pageItems: (threadId, after, limit) => store.loadThreadItems(threadId, after, limit, 'asc', tenant),
    seed: async (threadId, count) => {
      await saveThread(threadId)
      await inFlight(64, count, (at) => addItem(threadId, String(at)))
    },
    seedThreads: (of, count) => inFlight(64, count, (at) => saveThread(`${of}-${at}`, of)),
    close: () => store.close(),
  }
}
