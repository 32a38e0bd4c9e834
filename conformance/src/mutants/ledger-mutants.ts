import { ledgerListMutants } from './ledger-list-mutants.ts'
import type { DriverMutant } from './mutant.ts'

/** Faults of attachment records and of the life of a driver. */
export const ledgerMutants: readonly DriverMutant[] = [
  {
    fault: 'saving an attachment resets its private half',
    caughtBy: 'ledger/save-replaces-only-the-body',
    mutate: (driver) => ({
      putAttachment: async (key, record) => {
        await driver.deleteAttachment(key)
        await driver.putAttachment(key, record)
      },
    }),
  },
  {
    fault: 'saving an attachment that exists does nothing',
    caughtBy: 'attachment-records/replace',
    mutate: (driver) => ({
      putAttachment: async (key, record) => {
        if (!(await driver.getAttachment(key))) await driver.putAttachment(key, record)
      },
    }),
  },
  {
    fault: 'a move reads first and writes later',
    caughtBy: 'ledger/one-winner',
    mutate: (driver) => ({
      moveAttachment: async (key, revision, move) => {
        const known = await driver.getAttachment(key)
        if (known?.revision !== revision) return false
        await driver.deleteAttachment(key)
        await driver.putAttachment(key, { ...known, ...move, revision: revision + 1 })
        return true
      },
    }),
  },
  {
    fault: 'a move compares nothing',
    caughtBy: 'ledger/one-winner',
    mutate: (driver) => ({
      moveAttachment: async (key, revision, move) =>
        driver.moveAttachment(key, (await driver.getAttachment(key))?.revision ?? revision, move),
    }),
  },
  {
    fault: 'a move of a deleted record brings it back',
    caughtBy: 'ledger/move-of-nothing',
    mutate: (driver) => ({
      moveAttachment: async (key, revision, move) => {
        if (await driver.getAttachment(key)) return driver.moveAttachment(key, revision, move)
        await driver.putAttachment(key, { position: '0', body: '{}', revision, ...move })
        return true
      },
    }),
  },
  {
    fault: 'a release leaves old readings valid',
    caughtBy: 'ledger/release',
    mutate: (driver) => ({
      releaseAttachments: async (key, due) => {
        const rows = (await driver.listAttachments(key.scope, { after: null, limit: 99, order: 'asc' })) ?? []
        for (const row of rows.filter(({ threadId }) => threadId === key.threadId)) {
          await driver.deleteAttachment(row)
          await driver.putAttachment(row, { ...row, due })
        }
      },
    }),
  },
  {
    fault: 'a release reaches other tenants',
    caughtBy: 'ledger/release',
    mutate: (driver) => ({
      releaseAttachments: async (key, due) => {
        for (const scope of await driver.listScopes({ after: null, limit: 1_000 })) {
          await driver.releaseAttachments({ ...key, scope }, due)
        }
      },
    }),
  },
  {
    fault: 'a release makes nothing due',
    caughtBy: 'ledger/release',
    mutate: () => ({ releaseAttachments: async () => {} }),
  },
  {
    fault: 'due rows come in the order of insertion',
    caughtBy: 'ledger/due',
    mutate: (driver) => ({
      listDue: async (before, limit) =>
        (await driver.listDue(before, limit)).sort((a, b) => (a.position < b.position ? -1 : 1)),
    }),
  },
  {
    fault: 'rows that become due at the instant are given too',
    caughtBy: 'ledger/due',
    mutate: (driver) => ({ listDue: (before, limit) => driver.listDue(`${before}~`, limit) }),
  },
  {
    fault: 'due rows ignore the limit',
    caughtBy: 'ledger/due',
    mutate: (driver) => ({ listDue: (before) => driver.listDue(before, 10_000) }),
  },
  {
    fault: 'due rows are those of one tenant',
    caughtBy: 'ledger/due-of-all-tenants',
    mutate: (driver) => ({
      listDue: async (before, limit) => {
        const rows = await driver.listDue(before, limit)
        return rows.filter(({ scope }) => scope === rows[0]?.scope)
      },
    }),
  },
  {
    fault: 'setup works only once',
    caughtBy: 'lifecycle/setup-twice',
    mutate: () => {
      let done = false
      return {
        setup: async () => {
          if (done) throw new Error('relation already exists')
          done = true
        },
      }
    },
  },
  {
    fault: 'setup begins from nothing',
    caughtBy: 'lifecycle/setup-twice',
    mutate: (driver) => ({
      setup: async () => {
        for (const scope of await driver.listScopes({ after: null, limit: 1_000 })) {
          await driver.deleteThread({ scope, threadId: 't1' })
        }
      },
    }),
  },
  {
    fault: 'closing one instance closes the client that all share',
    caughtBy: 'lifecycle/close-one',
    mutate: (driver) => {
      let closed = false
      return {
        close: async () => {
          closed = true
        },
        getThread: async (key) => {
          if (closed) throw new Error('the pool has ended')
          return driver.getThread(key)
        },
      }
    },
  },
  ...ledgerListMutants,
]
