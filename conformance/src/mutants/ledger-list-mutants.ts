import type { ScopeRange, StoreDriver } from '@threadkeep/core/driver'
import type { DriverMutant } from './mutant.ts'

const everything = { after: null, limit: 1_000_000, order: 'asc' } as const

/** Faults of the lists for copying and erasing: the attachments of a scope, and the scopes. */
export const ledgerListMutants: readonly DriverMutant[] = [
  {
    fault: 'the list of attachments is empty',
    caughtBy: 'ledger/attachments',
    mutate: () => ({ listAttachments: async () => [] }),
  },
  {
    fault: 'a page of attachments ignores its cursor',
    caughtBy: 'ledger/attachments',
    mutate: (driver) => ({
      listAttachments: (scope, range) => driver.listAttachments(scope, { ...range, after: null }),
    }),
  },
  {
    fault: 'attachments are listed by id',
    caughtBy: 'ledger/attachments',
    mutate: (driver) => ({
      listAttachments: async (scope, { after, limit }) => {
        const rows = (await driver.listAttachments(scope, everything)) ?? []
        const sorted = rows.toSorted((a, b) => (a.attachmentId < b.attachmentId ? -1 : 1))
        return sorted.filter(({ attachmentId }) => after === null || attachmentId > after).slice(0, limit)
      },
    }),
  },
  {
    fault: 'the list of attachments has those of scopes that begin alike',
    caughtBy: 'ledger/attachments-of-a-tenant',
    mutate: (driver) => ({
      listAttachments: async (scope, range) => {
        const own = await driver.listAttachments(scope, range)
        const alike = (await driver.listScopes(everything)).filter((one) => one !== scope && one.startsWith(scope))
        const others = await Promise.all(alike.map((one) => driver.listAttachments(one, range)))
        return own && [...own, ...others.flatMap((rows) => rows ?? [])].slice(0, range.limit)
      },
    }),
  },
  {
    fault: 'a list of attachments after an unknown cursor begins again at the first page',
    caughtBy: 'ledger/attachments-cursor',
    mutate: (driver) => ({
      listAttachments: async (scope, range) =>
        (await driver.listAttachments(scope, range)) ?? driver.listAttachments(scope, { ...range, after: null }),
    }),
  },
  {
    fault: 'pages of attachments are found by counting rows',
    caughtBy: 'ledger/attachments-meanwhile',
    mutate: (driver) => {
      const served = new Map<string, number>()
      return {
        listAttachments: async (scope, { after, limit }) => {
          const rows = (await driver.listAttachments(scope, everything)) ?? []
          const start = after === null ? 0 : (served.get(`${scope} ${after}`) ?? 0)
          const page = rows.slice(start, start + limit)
          for (const [at, { attachmentId }] of page.entries()) served.set(`${scope} ${attachmentId}`, start + at + 1)
          return page
        },
      }
    },
  },
  {
    fault: 'the list of scopes is empty',
    caughtBy: 'ledger/scopes',
    mutate: () => ({ listScopes: async () => [] }),
  },
  {
    fault: 'a scope with threads and attachments is listed twice',
    caughtBy: 'ledger/scopes',
    mutate: (driver) => ({
      listScopes: async (range) => {
        const scopes = await driver.listScopes(range)
        const lists = scopes.map(async (scope) =>
          (await hasThreads(driver, scope)) && (await hasAttachments(driver, scope)) ? [scope, scope] : [scope],
        )
        return (await Promise.all(lists)).flat().slice(0, range.limit)
      },
    }),
  },
  {
    fault: 'a scope with nothing but attachments is not listed',
    caughtBy: 'ledger/scopes',
    mutate: (driver) => ({ listScopes: (range) => scopesThat(driver, range, hasThreads) }),
  },
  {
    fault: 'a scope with nothing but threads is not listed',
    caughtBy: 'ledger/scopes',
    mutate: (driver) => ({ listScopes: (range) => scopesThat(driver, range, hasAttachments) }),
  },
  {
    fault: 'scopes are in the order of UTF-16',
    caughtBy: 'ledger/scopes-by-bytes',
    mutate: (driver) => ({
      listScopes: async ({ after, limit }) => {
        const scopes = (await driver.listScopes(everything)).sort()
        return scopes.filter((scope) => after === null || scope > after).slice(0, limit)
      },
    }),
  },
  {
    fault: 'scopes after one that does not exist begin at the first',
    caughtBy: 'ledger/scopes-by-bytes',
    mutate: (driver) => ({
      listScopes: async ({ after, limit }) => {
        const scopes = await driver.listScopes(everything)
        const start = scopes.indexOf(after ?? '') + 1
        return scopes.slice(start, start + limit)
      },
    }),
  },
  {
    fault: 'a scope that had something once is listed for ever',
    caughtBy: 'ledger/scopes-emptied',
    mutate: (driver) => {
      const known = new Set<string>()
      return {
        putThread: (key, record) => driver.putThread(key, record).then(() => void known.add(key.scope)),
        putAttachment: (key, record) => driver.putAttachment(key, record).then(() => void known.add(key.scope)),
        listScopes: async ({ after, limit }) =>
          [...known]
            .sort()
            .filter((scope) => after === null || scope > after)
            .slice(0, limit),
      }
    },
  },
  {
    fault: 'pages of scopes are found by counting them',
    caughtBy: 'ledger/scopes-meanwhile',
    mutate: (driver) => {
      const served = new Map<string, number>()
      return {
        listScopes: async ({ after, limit }) => {
          const scopes = await driver.listScopes(everything)
          const first = scopes.findIndex((scope) => after === null || scope > after)
          const start = served.get(after ?? '') ?? first
          const page = scopes.slice(start, start + limit)
          for (const [at, scope] of page.entries()) served.set(scope, start + at + 1)
          return page
        },
      }
    },
  },
]

async function scopesThat(
  driver: StoreDriver,
  { after, limit }: ScopeRange,
  listed: (driver: StoreDriver, scope: string) => Promise<boolean>,
): Promise<string[]> {
  const scopes = await driver.listScopes({ after, limit: everything.limit })
  const kept = await Promise.all(scopes.map(async (scope) => ((await listed(driver, scope)) ? [scope] : [])))
  return kept.flat().slice(0, limit)
}

async function hasThreads(driver: StoreDriver, scope: string): Promise<boolean> {
  return (await driver.listThreads(scope, { ...everything, limit: 1 }))?.length === 1
}

async function hasAttachments(driver: StoreDriver, scope: string): Promise<boolean> {
  return (await driver.listAttachments(scope, { ...everything, limit: 1 }))?.length === 1
}
