import type { Attachment } from '@threadkeep/core'
import type { Content, ItemWithContents } from '@threadkeep/storage'
import { withFault } from './mutant.ts'
import type { StorageFaults, StorageMutant } from './storage-mutant.ts'

/** Faults of files of the server's own. */
export const contentMutants: readonly StorageMutant[] = [
  {
    fault: 'a content is stored each time it is asked for',
    caughtBy: 'contents/stored-once',
    faults: () => changing((content) => ({ ensureStored: () => content.ensureStored({ force: true }) })),
  },
  {
    fault: 'a stored content does not say where it is',
    caughtBy: 'contents/stored-once',
    faults: () =>
      changing((content) => ({
        ensureStored: async (options) => {
          await content.ensureStored(options)
          delete content.processedContent?.url
        },
      })),
  },
  {
    fault: 'a file is named after its id',
    caughtBy: 'contents/name-and-type',
    faults: () =>
      changing((content) => ({
        ensureStored: async (options) => {
          await content.ensureStored(options)
          content.filename = content.fileId ?? content.filename
        },
      })),
  },
  {
    fault: 'force stores nothing again',
    caughtBy: 'contents/force',
    faults: () => changing((content) => ({ ensureStored: () => content.ensureStored() })),
  },
  {
    fault: 'force leaves the bytes before',
    caughtBy: 'contents/force',
    faults: () => ({ objects: () => ({ delete: async () => {} }) }),
  },
  {
    fault: 'bytes are read from memory alone',
    caughtBy: 'contents/given-as',
    faults: () =>
      changing((content) => ({
        getContentBytes: async () => (content.content === undefined ? new Uint8Array() : content.getContentBytes()),
      })),
  },
  {
    fault: 'whatever looks a little like base64 is decoded',
    caughtBy: 'contents/not-base64',
    faults: () =>
      changing((content) => ({ getContentBytes: async () => Buffer.from(String(content.content), 'base64') })),
  },
  {
    fault: 'a content without bytes is an empty file',
    caughtBy: 'contents/nothing-to-store',
    faults: () => ({
      content:
        ({ storage }) =>
        (init, context) =>
          storage.content({ ...init, content: init.content ?? (init.fileId ? undefined : '') }, context),
    }),
  },
  {
    fault: 'a content that could not be stored is pending',
    caughtBy: 'contents/outage',
    faults: () =>
      changing((content) => ({
        ensureStored: (options) =>
          content.ensureStored(options).catch((error: unknown) => {
            content.status = 'pending'
            throw error
          }),
      })),
  },
  {
    fault: 'a content that could not be stored has lost its bytes',
    caughtBy: 'contents/outage',
    faults: () =>
      changing((content) => ({
        ensureStored: (options) =>
          content.ensureStored(options).catch((error: unknown) => {
            content.content = undefined
            throw error
          }),
      })),
  },
  {
    fault: 'as JSON a stored content still has its bytes',
    caughtBy: 'contents/json',
    faults: () =>
      changing((content) => ({
        toJSON: () => ({ ...content.toJSON(), content: Buffer.from(String(content.content)).toString('base64') }),
      })),
  },
  {
    fault: 'a content of a type that is not allowed is stored as bytes of any kind',
    caughtBy: 'contents/limits',
    faults: () => ({
      content:
        ({ storage }) =>
        (init, context) =>
          storage.content(
            { ...init, mimeType: init.mimeType?.startsWith('text/') ? init.mimeType : 'text/x' },
            context,
          ),
    }),
  },
  {
    fault: 'a sweep does not look for contents that were never completed',
    caughtBy: 'contents/lost-on-the-way',
    faults: () => ({
      ledger: (ledger) => ({
        putAttachment: (scope, attachment, move) => ledger.putAttachment(scope, attachment, { ...move, due: null }),
      }),
    }),
  },
  {
    fault: 'a message is saved without the contents that could not be stored',
    caughtBy: 'contents/all-or-none',
    faults: () => ({
      store: ({ storage: { store } }) => ({
        addThreadItem: async (threadId, item, context) => {
          if (!('attachments' in item)) return store.addThreadItem(threadId, item, context)
          const given: readonly (Attachment | Content)[] = item.attachments ?? []
          const tried = given.map(async (one) => 'ensureStored' in one && (await one.ensureStored()))
          const ends = await Promise.allSettled(tried)
          const attachments = given.filter((_, index) => ends[index]?.status === 'fulfilled')
          await store.addThreadItem(threadId, { ...item, attachments } as ItemWithContents, context)
        },
      }),
    }),
  },
  {
    fault: 'what was stored for a message that was not saved stays',
    caughtBy: 'contents/all-or-none',
    faults: () => ({ objects: () => ({ delete: async () => {} }) }),
  },
]

/** Every content with some of its methods replaced. */
function changing(members: (content: Content) => Partial<Content>): StorageFaults {
  return {
    content:
      ({ storage }) =>
      (init, context) => {
        const content = storage.content(init, context)
        return withFault(content, members(content))
      },
  }
}
