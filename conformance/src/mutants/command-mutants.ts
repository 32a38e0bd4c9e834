import type { StoreDriver, StoredRecord } from '@threadkeep/core/driver'
import type { CountedOperation } from '../store/commands/operations.ts'

const everything = { after: null, limit: 1_000_000, order: 'asc' } as const

/** A driver that sends more commands the more is stored, and the operation whose count must tell. */
export interface CommandMutant {
  readonly fault: string
  readonly operation: CountedOperation
  mutate(driver: StoreDriver): Partial<StoreDriver>
}

export const commandMutants: readonly CommandMutant[] = [
  {
    fault: 'a page reads its ids, then row after row',
    operation: 'loadThreadItems',
    mutate: (driver) => ({
      listItems: async (key, range) => {
        const rows = await driver.listItems(key, range)
        for (const { body } of rows ?? []) await driver.getItem({ ...key, itemId: JSON.parse(body).id })
        return rows
      },
    }),
  },
  {
    fault: 'a cursor is found by paging from the beginning',
    operation: 'loadThreads after a cursor',
    mutate: (driver) => ({
      listThreads: async (scope, range) => {
        let after: string | null = null
        while (range.after !== null && after !== range.after) {
          const rows: StoredRecord[] | undefined = await driver.listThreads(scope, { ...range, after, limit: 1 })
          if (!rows?.[0]) return undefined
          after = JSON.parse(rows[0].body).id
        }
        return driver.listThreads(scope, range)
      },
    }),
  },
  {
    fault: 'a deleted thread takes its items one by one',
    operation: 'deleteThread',
    mutate: (driver) => ({
      deleteThread: async (key) => {
        for (const { body } of (await driver.listItems(key, everything)) ?? []) {
          await driver.deleteItem({ ...key, itemId: JSON.parse(body).id })
        }
        await driver.deleteThread(key)
      },
    }),
  },
  {
    fault: 'a page of attachments reads their private halves one by one',
    operation: 'ledger.listAttachments',
    mutate: (driver) => ({
      listAttachments: async (scope, range) => {
        const rows = await driver.listAttachments(scope, range)
        for (const { attachmentId } of rows ?? []) await driver.getAttachment({ scope, attachmentId })
        return rows
      },
    }),
  },
  {
    fault: 'the attachments of a released thread become due one by one',
    operation: 'ledger.releaseAttachments',
    mutate: (driver) => ({
      releaseAttachments: async (key, due) => {
        const rows = (await driver.listAttachments(key.scope, everything)) ?? []
        for (const { revision, ...row } of rows.filter(({ threadId }) => threadId === key.threadId)) {
          await driver.moveAttachment(row, revision, { ...row, due })
        }
      },
    }),
  },
  {
    fault: 'a page of scopes reads their threads',
    operation: 'ledger.listScopes',
    mutate: (driver) => ({
      listScopes: async (range) => {
        const scopes = await driver.listScopes(range)
        for (const scope of scopes) {
          for (const { body } of (await driver.listThreads(scope, everything)) ?? []) {
            await driver.getThread({ scope, threadId: JSON.parse(body).id })
          }
        }
        return scopes
      },
    }),
  },
]
