import type { Range, StoreDriver, StoredRecord, ThreadKey } from '@threadkeep/core/driver'
import type { DriverMutant } from './mutant.ts'

const everything = { after: null, limit: 1_000_000, order: 'asc' } as const

/** Faults of lists: order, pages, cursors. */
export const listMutants: readonly DriverMutant[] = [
  {
    fault: 'an unknown cursor begins again at the first page',
    caughtBy: 'cursors/unknown',
    mutate: (driver) => ({
      listItems: async (key, range) =>
        (await driver.listItems(key, range)) ?? driver.listItems(key, { ...range, after: null }),
    }),
  },
  {
    fault: 'an unknown cursor is an empty page',
    caughtBy: 'cursors/unknown',
    mutate: (driver) => ({ listThreads: async (scope, range) => (await driver.listThreads(scope, range)) ?? [] }),
  },
  {
    fault: 'the cursor of a deleted row is unknown',
    caughtBy: 'cursors/of-a-deleted-row',
    mutate: (driver) => ({
      listItems: async (key, range) => {
        const known = range.after === null || (await driver.getItem({ ...key, itemId: range.after }))
        const served = known || !(await driver.getThread(key))
        return served ? driver.listItems(key, range) : undefined
      },
    }),
  },
  {
    fault: 'only the last hundred deleted rows are remembered',
    caughtBy: 'cursors/after-999-deletions',
    mutate: (driver) => {
      const deleted: string[] = []
      return {
        deleteItem: async (key) => {
          deleted.push(key.itemId)
          await driver.deleteItem(key)
        },
        listItems: async (key, range) =>
          deleted.slice(0, -100).includes(range.after ?? '') ? undefined : driver.listItems(key, range),
      }
    },
  },
  {
    fault: 'a row that is added again keeps its old place',
    caughtBy: 'cursors/of-a-row-added-again',
    mutate: (driver) => {
      const first = new Map<string, string>()
      return {
        putItem: async (key, record) => {
          const name = JSON.stringify(key)
          const position = first.get(name) ?? record.position
          first.set(name, position)
          return driver.putItem(key, { ...record, position })
        },
      }
    },
  },
  {
    fault: 'a thread created again knows the cursors of its earlier life',
    caughtBy: 'cursors/of-an-earlier-life',
    mutate: (driver) => {
      const seen = new Set<string>()
      return {
        putItem: async (key, record) => {
          seen.add(`${key.threadId} ${key.itemId}`)
          return driver.putItem(key, record)
        },
        listItems: async (key, range) =>
          (await driver.listItems(key, range)) ?? (seen.has(`${key.threadId} ${range.after}`) ? [] : undefined),
      }
    },
  },
  {
    fault: 'the page after a cursor leaves out rows of the same instant',
    caughtBy: 'pages/ties-walk',
    mutate: (driver) => ({
      listItems: async (key, range) => {
        const cursor = range.after === null ? undefined : await driver.getItem({ ...key, itemId: range.after })
        const rows = await driver.listItems(key, { ...range, limit: 1_000_000 })
        return rows?.filter((row) => !cursor || instantOf(row) !== instantOf(cursor)).slice(0, range.limit)
      },
    }),
  },
  {
    fault: 'ties are broken by id',
    caughtBy: 'pages/ties-walk',
    mutate: (driver) => resorting(driver, (row) => `${instantOf(row)} ${idOf(row)}`),
  },
  {
    fault: 'rows are ordered by the text of created_at',
    caughtBy: 'order/instants',
    mutate: (driver) => resorting(driver, (row) => `${JSON.parse(row.body).created_at} ${row.position}`),
  },
  {
    fault: 'instants are kept in milliseconds',
    caughtBy: 'order/instants',
    mutate: (driver) => resorting(driver, ({ position }) => position.slice(0, 17) + position.slice(20)),
  },
  {
    fault: 'descending pages keep ties ascending',
    caughtBy: 'pages/ties-walk',
    mutate: (driver) => ({
      listItems: async (key, range) => {
        if (range.order === 'asc') return driver.listItems(key, range)
        const rows = (await driver.listItems(key, { ...everything })) ?? []
        const sorted = rows.toSorted((a, b) => (instantOf(a) < instantOf(b) ? 1 : instantOf(a) > instantOf(b) ? -1 : 0))
        return cut(sorted, { ...range, order: 'asc' })
      },
    }),
  },
  {
    fault: 'pages are found by counting rows',
    caughtBy: 'pages/deleted-meanwhile',
    mutate: (driver) => {
      const served = new Map<string, number>()
      return {
        listItems: async (key, range) => {
          const rows = (await driver.listItems(key, { ...everything, order: range.order })) ?? []
          const start = range.after === null ? 0 : (served.get(`${key.threadId} ${range.after}`) ?? 0)
          const page = rows.slice(start, start + range.limit)
          for (const [index, row] of page.entries()) served.set(`${key.threadId} ${idOf(row)}`, start + index + 1)
          return page
        },
      }
    },
  },
  {
    fault: 'a page is one row short',
    caughtBy: 'pages/exact-boundaries',
    mutate: (driver) => ({ listItems: (key, range) => driver.listItems(key, { ...range, limit: range.limit - 1 }) }),
  },
  {
    fault: 'a page after a cursor begins with the cursor’s row',
    caughtBy: 'cursors/any-row',
    mutate: (driver) => ({
      listItems: async (key, range) => {
        const rows = await driver.listItems(key, range)
        const cursor = range.after === null ? undefined : await driver.getItem({ ...key, itemId: range.after })
        return rows && cursor ? [cursor, ...rows].slice(0, range.limit) : rows
      },
    }),
  },
  {
    fault: 'limits are clamped to 100',
    caughtBy: 'pages/limit-of-threads',
    mutate: (driver) => ({
      listThreads: (scope, range) => driver.listThreads(scope, { ...range, limit: Math.min(range.limit, 101) }),
    }),
  },
  {
    fault: 'limits are clamped to 500',
    caughtBy: 'pages/thousand',
    mutate: (driver) => ({
      listItems: (key, range) => driver.listItems(key, { ...range, limit: Math.min(range.limit, 501) }),
    }),
  },
  {
    fault: 'a cursor is looked for in all threads',
    caughtBy: 'cursors/of-another-list',
    mutate: (driver) => ({
      listItems: async (key, range) =>
        (await driver.listItems(key, range)) ??
        ((await driver.getItem({ scope: key.scope, threadId: 't2', itemId: range.after ?? '' })) ? [] : undefined),
    }),
  },
]

function resorting(driver: StoreDriver, sortKey: (row: StoredRecord) => string): Partial<StoreDriver> {
  return {
    listItems: async (key: ThreadKey, range: Range) => {
      const rows = (await driver.listItems(key, { ...everything })) ?? []
      return cut(
        rows.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
        range,
      )
    },
  }
}

function cut(ascending: readonly StoredRecord[], { after, limit, order }: Range): StoredRecord[] {
  const rows = order === 'asc' ? ascending : ascending.toReversed()
  const start = after === null ? 0 : rows.findIndex((row) => idOf(row) === after) + 1
  return rows.slice(start, start + limit)
}

function instantOf({ position }: StoredRecord): string {
  return position.slice(0, 20)
}

function idOf({ body }: StoredRecord): string {
  return JSON.parse(body).id
}
