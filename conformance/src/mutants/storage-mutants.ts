import { hasLedger } from '@threadkeep/core/driver'
import { MemoryStore } from '@threadkeep/core/memory'
import type { StorageContext } from '../storage/storage-target.ts'
import type { StorageMutant } from './storage-mutant.ts'

const farAway = new Date('2999-01-01T00:00:00Z')

/** Faults of what becomes of attachments: in threads, in stored records, and when they go. */
export const storageMutants: readonly StorageMutant[] = [
  {
    fault: 'the URLs of an upload are stored with its record',
    caughtBy: 'previews/uploads-not-stored',
    faults: () => ({
      store: ({ store }) => ({ saveAttachment: (attachment, context) => store.saveAttachment(attachment, context) }),
    }),
  },
  {
    fault: 'messages are stored with the previews they were saved with',
    caughtBy: 'previews/not-stored',
    faults: () => ({
      store: ({ storage, store }) => ({
        addThreadItem: async (threadId, item, context) => {
          await storage.store.addThreadItem(threadId, item, context)
          await store.saveItem(threadId, item, context)
        },
      }),
    }),
  },
  {
    fault: 'previews are signed for attachments alone, not in messages',
    caughtBy: 'previews/in-items',
    faults: () => ({ store: ({ store }) => ({ loadThreadItems: (...args) => store.loadThreadItems(...args) }) }),
  },
  {
    fault: 'every preview has another URL',
    caughtBy: 'previews/same-url',
    faults: () => {
      let signed = 0
      return {
        objects: (objects) => ({
          signDownload: (scope, id, request) => {
            signed += 1
            return objects.signDownload(scope, id, {
              ...request,
              expiresAt: new Date(request.expiresAt.getTime() - signed),
            })
          },
        }),
      }
    },
  },
  {
    fault: 'what is deleted stays to be seen',
    caughtBy: 'deletion/hides-at-once',
    faults: () => ({
      ledger: (ledger) => ({
        moveAttachment: (entry, move) =>
          ledger.moveAttachment(entry, move.state.includes('"deleted"') ? { ...move, state: entry.state } : move),
      }),
    }),
  },
  {
    fault: 'a deletion removes the bytes at once',
    caughtBy: 'deletion/hides-at-once',
    faults: () => ({
      uploads: ({ storage: { uploads }, objects }) => ({
        delete: async (id, options, context) => {
          const answer = await uploads.delete(id, options, context)
          await objects.delete(context.scope, id)
          return answer
        },
      }),
    }),
  },
  {
    fault: 'the transaction id is always a new one',
    caughtBy: 'deletion/transaction-id',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({ delete: (id, _, context) => uploads.delete(id, {}, context) }),
    }),
  },
  {
    fault: 'the store’s deletion of what is not there fails',
    caughtBy: 'deletion/twice',
    faults: () => ({
      store: ({ storage: { uploads } }) => ({
        deleteAttachment: async (id, context) => void (await uploads.delete(id, {}, context)),
      }),
    }),
  },
  {
    fault: 'the store’s deletion removes the row, and nobody finds the bytes any more',
    caughtBy: 'deletion/by-the-store',
    faults: () => ({
      store: ({ store }) => ({ deleteAttachment: (id, context) => store.deleteAttachment(id, context) }),
    }),
  },
  {
    fault: 'saving the record of what was deleted brings it back',
    caughtBy: 'deletion/saved-again',
    faults: () => ({
      store: ({ storage, ledger }) => ({
        saveAttachment: async (attachment, context) => {
          const entry = await ledger.getAttachment(context.scope, attachment.id)
          if (entry?.state.includes('"deleted"')) await ledger.deleteAttachment(context.scope, attachment.id)
          await storage.store.saveAttachment(attachment, context)
        },
      }),
    }),
  },
  {
    fault: 'messages are saved whatever their attachments are',
    caughtBy: 'messages/incomplete',
    faults: () => ({ store: ({ store }) => ({ addThreadItem: (...args) => store.addThreadItem(...args) }) }),
  },
  {
    fault: 'an attachment goes into any thread',
    caughtBy: 'binding/one-thread',
    faults: () => ({
      ledger: (ledger) => ({
        getAttachment: async (scope, id) => {
          const entry = await ledger.getAttachment(scope, id)
          return entry && { ...entry, threadId: null }
        },
      }),
    }),
  },
  {
    fault: 'anybody’s upload goes into a message',
    caughtBy: 'binding/own-upload',
    faults: () => ({
      store: ({ storage: { store } }) => ({
        addThreadItem: (threadId, item, context) => store.addThreadItem(threadId, item, { ...context, user: 'ann' }),
      }),
    }),
  },
  {
    fault: 'what was tied for a refused message stays tied',
    caughtBy: 'messages/all-or-none',
    faults: () => ({
      ledger: (ledger) => ({
        moveAttachment: async (entry, move) =>
          (entry.threadId !== null && move.threadId === null) || ledger.moveAttachment(entry, move),
      }),
    }),
  },
  {
    fault: 'a step compares nothing and overwrites the one before',
    caughtBy: 'concurrency/complete-and-fail',
    faults: () => ({
      ledger: (ledger) => ({
        moveAttachment: async (entry, move) =>
          ledger.moveAttachment((await ledger.getAttachment(entry.scope, entry.attachment.id)) ?? entry, move),
      }),
    }),
  },
  {
    fault: 'a sweep looks at more than its limit',
    caughtBy: 'sweep/counts',
    faults: () => ({ ledger: (ledger) => ({ listDue: (before) => ledger.listDue(before, 10_000) }) }),
  },
  {
    fault: 'a sweep that began goes on to its end',
    caughtBy: 'sweep/stopped-and-gone-on',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({ sweep: ({ signal, ...options } = {}) => uploads.sweep(options) }),
    }),
  },
  {
    fault: 'a sweep fails uploads that still have time',
    caughtBy: 'sweep/not-yet',
    faults: () => ({ ledger: (ledger) => ({ listDue: (_, limit) => ledger.listDue(farAway, limit) }) }),
  },
  {
    fault: 'a sweep drops what is complete',
    caughtBy: 'sweep/keeps-what-is-used',
    faults: () => ({ ledger: () => ({ hasThread: async () => false }) }),
  },
  {
    fault: 'a deleted message leaves its attachments behind',
    caughtBy: 'messages/deleted',
    faults: () => ({ store: ({ store }) => ({ deleteThreadItem: (...args) => store.deleteThreadItem(...args) }) }),
  },
  {
    fault: 'attachments go with the first message that is deleted',
    caughtBy: 'messages/deleted-of-several',
    faults: () => ({ ledger: () => ({ hasItem: async () => false }) }),
  },
  {
    fault: 'a sweep forgets the row of a stale upload with its bytes, and late bytes stay',
    caughtBy: 'sweep/late-upload',
    faults: () => ({
      objects: (objects, ledger) => ({
        delete: async (scope, id) => {
          await objects.delete(scope, id)
          await ledger.deleteAttachment(scope, id)
        },
      }),
    }),
  },
  {
    fault: 'bytes are removed once, and late ones stay',
    caughtBy: 'purge/restore-window',
    faults: () => {
      const removed = new Set<string>()
      return {
        objects: (objects) => ({
          delete: async (scope, id) => {
            if (!removed.has(id)) await objects.delete(scope, id)
            removed.add(id)
          },
        }),
      }
    },
  },
  {
    fault: 'a row goes before its bytes',
    caughtBy: 'purge/bytes-before-row',
    faults: () => ({
      objects: (objects, ledger) => ({
        delete: async (scope, id) => {
          await ledger.deleteAttachment(scope, id)
          await objects.delete(scope, id)
        },
      }),
    }),
  },
  {
    fault: 'a deleted thread keeps its attachments',
    caughtBy: 'purge/deleted-thread',
    faults: () => ({ store: ({ store }) => ({ deleteThread: (id, context) => store.deleteThread(id, context) }) }),
  },
  {
    fault: 'two adapters need not agree on the tenant',
    caughtBy: 'configuration/two-scopes',
    faults: () => ({ objects: (_, ledger) => ({ scopeOf: (context) => ledger.scopeOf(context) }) }),
  },
  {
    fault: 'a store without a ledger gets one that nobody else sees',
    caughtBy: 'configuration/without-ledger',
    faults: () => {
      const { ledger } = new MemoryStore<StorageContext>({ scope: ({ scope }) => scope })
      return { options: ({ store }) => (hasLedger(store) ? {} : { ledger }) }
    },
  },
]
