import { NotFoundError, type Page, type Store, type ThreadMetadata } from '@threadkeep/core'
import type { StoreTargetOptions } from '../store/store-target.ts'
import type { SuiteContext } from '../suite-context.ts'

type SuiteStore = Store<SuiteContext>

/** A store with one fault of the kind that hand-written stores have, and the case that must notice it. */
export interface StoreMutant {
  readonly fault: string
  readonly caughtBy: string
  mutate?(store: SuiteStore): Partial<SuiteStore>
  options?(options: StoreTargetOptions): StoreTargetOptions
}

export const storeMutants: readonly StoreMutant[] = [
  {
    fault: 'a missing scope falls back to a default',
    caughtBy: 'scopes/bad',
    options: (options) => ({ ...options, scope: (context) => options.scope(context) || 'default' }),
  },
  {
    fault: 'a failing scope falls back to a default',
    caughtBy: 'scopes/missing-context',
    options: (options) => ({ ...options, scope: (context) => context?.scope ?? 'default' }),
  },
  {
    fault: 'the option scope has a default',
    caughtBy: 'scopes/required',
    options: (options) => ({ ...options, scope: options.scope ?? (() => 'default') }),
  },
  {
    fault: 'maxBodyBytes is ignored',
    caughtBy: 'sizes/too-large',
    options: ({ scope }) => ({ scope }),
  },
  {
    fault: 'threads are mapped to columns, and unknown fields are lost',
    caughtBy: 'threads/round-trip',
    mutate: (store) => ({
      saveThread: ({ id, title, created_at, status, metadata }, context) =>
        store.saveThread({ id, created_at, ...(title === undefined ? {} : { title }), status, metadata }, context),
    }),
  },
  {
    fault: 'metadata is merged',
    caughtBy: 'threads/replace',
    mutate: (store) => ({
      saveThread: async (thread, context) => {
        const old = await store.loadThread(thread.id, context).catch(() => undefined)
        return store.saveThread({ ...thread, metadata: { ...old?.metadata, ...thread.metadata } }, context)
      },
    }),
  },
  {
    fault: 'a thread is served with its items',
    caughtBy: 'threads/drops-items',
    mutate: (store) => {
      const kept = new Map<string, unknown>()
      return {
        saveThread: async (thread, context) => {
          if ('items' in thread) kept.set(context.scope + thread.id, thread.items)
          return store.saveThread(thread, context)
        },
        loadThread: async (id, context) => {
          const items = kept.get(context.scope + id)
          return { ...(await store.loadThread(id, context)), ...(items === undefined ? {} : { items }) }
        },
      }
    },
  },
  {
    fault: 'a missing thread is null',
    caughtBy: 'threads/missing',
    mutate: (store) => ({
      loadThread: (id, context) => store.loadThread(id, context).catch(() => null as never as ThreadMetadata),
    }),
  },
  {
    fault: 'created_at is formatted again',
    caughtBy: 'order/same-string-back',
    mutate: (store) => ({
      loadThread: async (id, context) => {
        const thread = await store.loadThread(id, context)
        const instant = Date.parse(thread.created_at)
        return Number.isNaN(instant) ? thread : { ...thread, created_at: new Date(instant).toISOString() }
      },
    }),
  },
  {
    fault: 'a cache gives everybody the same object',
    caughtBy: 'fidelity/fresh-copy-out',
    mutate: (store) => {
      const cache = new Map<string, Awaited<ReturnType<SuiteStore['loadItem']>>>()
      return {
        loadItem: async (threadId, id, context) => {
          const name = JSON.stringify([context.scope, threadId, id])
          const item = cache.get(name) ?? (await store.loadItem(threadId, id, context))
          cache.set(name, item)
          return item
        },
        loadThreadItems: async (threadId, after, limit, order, context) => {
          const page = await store.loadThreadItems(threadId, after, limit, order, context)
          const item = (id: string) => cache.get(JSON.stringify([context.scope, threadId, id]))
          return { ...page, data: page.data.map((row) => item(row.id) ?? row) }
        },
      }
    },
  },
  {
    fault: 'what is saved is read from the caller’s object later',
    caughtBy: 'fidelity/snapshot-in',
    mutate: (store) => ({
      saveThread: async (thread, context) => {
        await store.ping()
        return store.saveThread(thread, context)
      },
    }),
  },
  {
    fault: 'the last page has a cursor',
    caughtBy: 'threads/round-trip',
    mutate: (store) => ({
      loadThreads: async (...args) => withLastId(await store.loadThreads(...args)),
    }),
  },
  {
    fault: 'a limit of 0 means twenty',
    caughtBy: 'arguments/limits',
    mutate: (store) => ({
      loadThreads: (limit, after, order, context) => store.loadThreads(limit || 20, after, order, context),
    }),
  },
  {
    fault: 'an unknown order means descending',
    caughtBy: 'arguments/orders',
    mutate: (store) => ({
      loadThreads: (limit, after, order, context) =>
        store.loadThreads(limit, after, order === 'asc' ? 'asc' : 'desc', context),
    }),
  },
  {
    fault: 'ids that are numbers become strings',
    caughtBy: 'arguments/ids',
    mutate: (store) => ({ loadItem: (threadId, id, context) => store.loadItem(threadId, String(id), context) }),
  },
  {
    fault: 'saving an item that is not there fails',
    caughtBy: 'items/save-inserts',
    mutate: (store) => ({
      saveItem: async (threadId, item, context) => {
        await store.loadItem(threadId, item.id, context)
        await store.saveItem(threadId, item, context)
      },
    }),
  },
  {
    fault: 'the items of a missing thread are not found',
    caughtBy: 'items/page-of-missing-thread',
    mutate: (store) => ({
      loadThreadItems: async (threadId, after, limit, order, context) => {
        await store.loadThread(threadId, context)
        return store.loadThreadItems(threadId, after, limit, order, context)
      },
    }),
  },
  {
    fault: 'items that people do not see are left out of lists',
    caughtBy: 'items/every-type-listed',
    mutate: (store) => ({
      loadThreadItems: async (...args) => {
        const page = await store.loadThreadItems(...args)
        return { ...page, data: page.data.filter(({ type }) => type !== 'hidden_context_item') }
      },
    }),
  },
  {
    fault: 'a closed store looks empty',
    caughtBy: 'lifecycle/use-after-close',
    mutate: (store) => ({
      loadThread: (id, context) => store.loadThread(id, context).catch(notFound),
    }),
  },
  {
    fault: 'closing cuts off the calls under way',
    caughtBy: 'lifecycle/close-amid-calls',
    mutate: (store) => {
      const closed = Promise.withResolvers<never>()
      closed.promise.catch(() => {})
      return {
        addThreadItem: (...args) => Promise.race([closed.promise, store.addThreadItem(...args)]),
        close: async () => {
          closed.reject(new Error('Connection is closed.'))
          await store.close()
        },
      }
    },
  },
  {
    fault: 'closing twice fails',
    caughtBy: 'lifecycle/close-twice',
    mutate: () => {
      let closed = false
      return {
        close: async () => {
          if (closed) throw new Error('called end on pool more than once')
          closed = true
        },
      }
    },
  },
  {
    fault: 'generated ids have 8 characters',
    caughtBy: 'ids/generated',
    mutate: () => ({ generateThreadId: () => `thr_${crypto.randomUUID().slice(0, 8)}` }),
  },
]

function withLastId<T extends { id: string }>(page: Page<T>): Page<T> {
  return { ...page, after: page.data.at(-1)?.id ?? null }
}

function notFound(): never {
  throw new NotFoundError('thread not found')
}
