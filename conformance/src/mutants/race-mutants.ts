import type { StoreDriver, StoredRecord } from '@threadkeep/core/driver'
import type { DriverMutant } from './mutant.ts'

const everything = { after: null, limit: 1_000_000, order: 'asc' } as const

/** Faults that only callers who meet can see, and that leave nothing wrong behind. */
export const raceMutants: readonly DriverMutant[] = [
  {
    fault: 'saving a thread writes back the items it read before, and one that was deleted meanwhile returns',
    caughtBy: 'concurrency/history-of-threads',
    mutate: (driver) => ({
      putThread: async (key, record) => {
        const items = (await driver.listItems(key, everything)) ?? []
        await turn()
        await driver.putThread(key, record)
        for (const item of items) {
          const itemKey = { ...key, itemId: JSON.parse(item.body).id }
          if (!(await driver.getItem(itemKey))) await driver.putItem(itemKey, item)
        }
      },
    }),
  },
  {
    fault: 'replacing an item writes the others back as they were read, and their updates meanwhile are lost',
    caughtBy: 'concurrency/history-of-items',
    mutate: (driver) => ({
      putItem: async (key, record) => {
        const items = (await driver.getItem(key)) ? await driver.listItems(key, everything) : []
        await turn()
        for (const item of items ?? []) {
          const itemKey = { ...key, itemId: JSON.parse(item.body).id }
          if (await driver.getItem(itemKey)) await driver.putItem(itemKey, item)
        }
        return driver.putItem(key, record)
      },
    }),
  },
  {
    fault: 'a reading puts what it found into a cache, although a write came between',
    caughtBy: 'concurrency/history-of-items',
    mutate: (driver) => caching(driver),
  },
  {
    fault: 'writes that meet another are acknowledged before they are done',
    caughtBy: 'concurrency/history-of-items',
    mutate: (driver) => {
      let busy: Promise<unknown> | undefined
      return {
        putItem: async (key, record) => {
          if (busy) {
            busy = busy.then(turn).then(() => driver.putItem(key, record))
            return (await driver.getThread(key)) !== undefined
          }
          const stored = turn().then(() => driver.putItem(key, record))
          busy = stored
          const result = await stored
          if (busy === stored) busy = undefined
          return result
        },
      }
    },
  },
  {
    fault: 'a deletion takes the thread first and its items a moment later',
    caughtBy: 'concurrency/history-of-threads',
    mutate: (driver) => {
      const left = new Map<string, readonly StoredRecord[]>()
      return {
        deleteThread: async (key) => {
          const items = (await driver.listItems(key, everything)) ?? []
          left.set(JSON.stringify(key), items)
          await driver.deleteThread(key)
          await turn()
          left.delete(JSON.stringify(key))
        },
        getItem: async ({ itemId, ...key }) =>
          (await driver.getItem({ ...key, itemId })) ??
          left.get(JSON.stringify(key))?.find(({ body }) => JSON.parse(body).id === itemId),
        listItems: async (key, range) => {
          const items = left.get(JSON.stringify({ scope: key.scope, threadId: key.threadId }))
          return items && range.after === null ? items.slice(0, range.limit) : driver.listItems(key, range)
        },
      }
    },
  },
]

function caching(driver: StoreDriver): Partial<StoreDriver> {
  const cache = new Map<string, StoredRecord>()
  return {
    getItem: async (key) => {
      const name = JSON.stringify([key.scope, key.threadId, key.itemId])
      const known = cache.get(name)
      if (known) return known
      const found = await driver.getItem(key)
      await turn()
      if (found) cache.set(name, found)
      return found
    },
    putItem: async (key, record) => {
      const stored = await driver.putItem(key, record)
      cache.delete(JSON.stringify([key.scope, key.threadId, key.itemId]))
      return stored
    },
    deleteItem: async (key) => {
      await driver.deleteItem(key)
      cache.delete(JSON.stringify([key.scope, key.threadId, key.itemId]))
    },
    deleteThread: async (key) => {
      await driver.deleteThread(key)
      for (const name of cache.keys()) {
        if (name.startsWith(JSON.stringify([key.scope, key.threadId]).slice(0, -1))) cache.delete(name)
      }
    },
  }
}

/** Lets everybody else go on first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
