import type { ItemKey, StoreDriver, StoredRecord, ThreadKey } from '@threadkeep/core/driver'
import type { DriverMutant } from './mutant.ts'

const everything = { after: null, limit: 1_000_000, order: 'asc' } as const

/** Faults of single records: keys, bodies, replacing, deleting. */
export const recordMutants: readonly DriverMutant[] = [
  {
    fault: 'items are kept without their tenant',
    caughtBy: 'items/round-trip',
    mutate: (driver) => ({
      putThread: async (key, record) => {
        await driver.putThread(key, record)
        await driver.putThread({ ...key, scope: 'all' }, record)
      },
      putItem: (key, record) => driver.putItem({ ...key, scope: 'all' }, record),
      getItem: (key) => driver.getItem({ ...key, scope: 'all' }),
      listItems: (key, range) => driver.listItems({ ...key, scope: 'all' }, range),
    }),
  },
  {
    fault: 'a deletion reaches the same thread of other tenants',
    caughtBy: 'deletes/thread',
    mutate: (driver) => ({
      deleteThread: async (key) => {
        for (const scope of await driver.listScopes({ after: null, limit: 1_000 })) {
          await driver.deleteThread({ ...key, scope })
        }
      },
    }),
  },
  {
    fault: 'scopes are compared without case',
    caughtBy: 'threads/none',
    mutate: (driver) => ({
      putThread: (key, record) => driver.putThread({ ...key, scope: key.scope.toLowerCase() }, record),
      getThread: (key) => driver.getThread({ ...key, scope: key.scope.toLowerCase() }),
      listThreads: (scope, range) => driver.listThreads(scope.toLowerCase(), range),
      putItem: (key, record) => driver.putItem({ ...key, scope: key.scope.toLowerCase() }, record),
      getItem: (key) => driver.getItem({ ...key, scope: key.scope.toLowerCase() }),
      listItems: (key, range) => driver.listItems({ ...key, scope: key.scope.toLowerCase() }, range),
    }),
  },
  {
    fault: 'ids of items are compared without case',
    caughtBy: 'ids/of-items',
    mutate: (driver) => folding(driver, (id) => id.toLowerCase()),
  },
  {
    fault: 'ids of items are trimmed',
    caughtBy: 'ids/of-items',
    mutate: (driver) => folding(driver, (id) => id.trimEnd() || id),
  },
  {
    fault: 'ids of items are normalised',
    caughtBy: 'ids/of-items',
    mutate: (driver) => folding(driver, (id) => id.normalize()),
  },
  {
    fault: 'scope and id are joined with a colon',
    caughtBy: 'scopes/siblings',
    mutate: (driver) => ({
      putAttachment: (key, record) => driver.putAttachment(joined(key), record),
      getAttachment: (key) => driver.getAttachment(joined(key)),
    }),
  },
  {
    fault: 'an item added twice is refused',
    caughtBy: 'items/added-twice',
    mutate: (driver) => ({
      putItem: async (key, record) => {
        if (await driver.getItem(key)) throw new Error('duplicate key')
        return driver.putItem(key, record)
      },
    }),
  },
  {
    fault: 'an item added twice goes to the end',
    caughtBy: 'items/added-twice',
    mutate: (driver) => ({
      putItem: async (key, record) => {
        await driver.deleteItem(key)
        return driver.putItem(key, record)
      },
    }),
  },
  {
    fault: 'an item that exists is not replaced',
    caughtBy: 'items/saved-in-place',
    mutate: (driver) => ({
      putItem: async (key, record) => ((await driver.getItem(key)) ? true : driver.putItem(key, record)),
    }),
  },
  {
    fault: 'an item is found in whatever thread',
    caughtBy: 'items/missing',
    mutate: (driver) => ({
      getItem: async (key) => (await driver.getItem(key)) ?? driver.getItem({ ...key, threadId: 't1' }),
    }),
  },
  {
    fault: 'saving a thread deletes and inserts, which takes its items',
    caughtBy: 'threads/keeps-items',
    mutate: (driver) => ({
      putThread: async (key, record) => {
        await driver.deleteThread(key)
        await driver.putThread(key, record)
      },
    }),
  },
  {
    fault: 'saving a thread moves it',
    caughtBy: 'threads/keeps-place',
    mutate: (driver) => ({
      putThread: async (key, record) => {
        const items = (await driver.listItems(key, everything)) ?? []
        await driver.deleteThread(key)
        await driver.putThread(key, record)
        await putBack(driver, key, items)
      },
    }),
  },
  {
    fault: 'items without a thread are kept until it comes',
    caughtBy: 'items/missing-thread',
    mutate: (driver) => withOrphans(driver, async (key, record) => driver.putItem(key, record)),
  },
  {
    fault: 'an add looks for the thread first and writes later',
    caughtBy: 'concurrency/adds-racing-a-deletion',
    mutate: (driver) => {
      const orphaning = withOrphans(driver, async (key, record) => driver.putItem(key, record))
      return {
        ...orphaning,
        putItem: async (key, record) => {
          if (!(await driver.getThread(key))) return false
          return orphaning.putItem?.(key, record) ?? false
        },
      }
    },
  },
  {
    fault: 'the items of a deleted thread stay',
    caughtBy: 'deletes/thread-created-again',
    mutate: (driver) => {
      const left = new Map<string, StoredRecord[]>()
      return {
        deleteThread: async (key) => {
          left.set(JSON.stringify(key), (await driver.listItems(key, everything)) ?? [])
          await driver.deleteThread(key)
        },
        putThread: async (key, record) => {
          await driver.putThread(key, record)
          await putBack(driver, key, left.get(JSON.stringify(key)) ?? [])
          left.delete(JSON.stringify(key))
        },
      }
    },
  },
  {
    fault: 'deleting what is not there fails',
    caughtBy: 'deletes/silent',
    mutate: (driver) => ({
      deleteItem: async (key) => {
        if (!(await driver.getItem(key))) throw new Error('no such row')
        await driver.deleteItem(key)
      },
    }),
  },
  {
    fault: 'deleting an item deletes its namesakes in other threads',
    caughtBy: 'items/same-id-in-two-threads',
    mutate: (driver) => ({
      deleteItem: async (key) => {
        for (const threadId of ['t1', 't2']) await driver.deleteItem({ ...key, threadId })
        await driver.deleteItem(key)
      },
    }),
  },
  {
    fault: 'NUL is taken out of bodies',
    caughtBy: 'fidelity/values-in-items',
    mutate: (driver) => rewriting(driver, (body) => body.replaceAll('\\u0000', '')),
  },
  {
    fault: 'lone surrogates become replacement characters',
    caughtBy: 'fidelity/values-in-items',
    mutate: (driver) => rewriting(driver, (body) => body.replaceAll(/\\ud[89a-f]../g, '\\ufffd')),
  },
  {
    fault: 'bodies are documents whose keys are sorted',
    caughtBy: 'fidelity/values-in-items',
    mutate: (driver) =>
      rewriting(driver, (body) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).sort()))),
  },
  {
    fault: 'bodies lose the key __proto__',
    caughtBy: 'fidelity/values-in-items',
    mutate: (driver) =>
      rewriting(driver, (body) =>
        JSON.stringify(JSON.parse(body, (key, value) => (key === '__proto__' ? undefined : value))),
      ),
  },
  {
    fault: 'bodies are cut at 4 Mi characters',
    caughtBy: 'sizes/the-largest',
    mutate: (driver) => rewriting(driver, (body) => (body.length > 2 ** 22 ? '{}' : body)),
  },
]

function folding(driver: StoreDriver, fold: (id: string) => string): Partial<StoreDriver> {
  const folded = (key: ItemKey) => ({ ...key, itemId: fold(key.itemId) })
  return {
    putItem: (key, record) => driver.putItem(folded(key), record),
    getItem: (key) => driver.getItem(folded(key)),
  }
}

function rewriting(driver: StoreDriver, rewrite: (body: string) => string): Partial<StoreDriver> {
  return { putItem: (key, record) => driver.putItem(key, { ...record, body: rewrite(record.body) }) }
}

function joined({ scope, attachmentId }: { scope: string; attachmentId: string }): {
  scope: string
  attachmentId: string
} {
  return { scope: 'all', attachmentId: `${scope}:${attachmentId}` }
}

/** What finds no thread waits, and comes into the next thread of that id. */
function withOrphans(driver: StoreDriver, putItem: StoreDriver['putItem']): Partial<StoreDriver> {
  const orphans: [ItemKey, StoredRecord][] = []
  return {
    putItem: async (key, record) => {
      const stored = await putItem(key, record)
      if (!stored) orphans.push([key, record])
      return stored
    },
    putThread: async (key, record) => {
      await driver.putThread(key, record)
      for (const [itemKey, orphan] of orphans) {
        if (itemKey.scope === key.scope && itemKey.threadId === key.threadId) await driver.putItem(itemKey, orphan)
      }
    },
  }
}

async function putBack(driver: StoreDriver, key: ThreadKey, items: readonly StoredRecord[]): Promise<void> {
  for (const item of items) await driver.putItem({ ...key, itemId: JSON.parse(item.body).id }, item)
}
