import { AttachmentNotFoundError, type BlobInfo } from '@threadkeep/core'
import { randomName } from '../samples.ts'
import type { BlobMutant } from './blob-mutant.ts'

/** Faults of one instance beside others. */
export const instanceMutants: readonly BlobMutant[] = [
  {
    fault: 'every instance has etags of its own',
    caughtBy: 'read/same-everywhere',
    wrap: (store) => {
      const name = randomName()
      const renamed = <T extends BlobInfo>(info: T): T => ({ ...info, etag: `${info.etag}-${name}` })
      return {
        readAttachment: async (...args) => renamed(await store.readAttachment(...args)),
        writeAttachment: async (...args) => renamed(await store.writeAttachment(...args)),
        headAttachment: async (...args) => {
          const info = await store.headAttachment(...args)
          return info && renamed(info)
        },
      }
    },
  },
  {
    fault: 'what headAttachment told once is told until the instance itself changes it',
    caughtBy: 'lifecycle/instances',
    wrap: (store) => {
      const told = new Map<string, BlobInfo | undefined>()
      return {
        headAttachment: async (id, { scope }) => {
          const key = `${scope}/${id}`
          if (!told.has(key)) told.set(key, await store.headAttachment(id, { scope }))
          return told.get(key)
        },
        writeAttachment: async (id, ...args) => {
          told.clear()
          return store.writeAttachment(id, ...args)
        },
        deleteAttachment: async (id, context) => {
          told.clear()
          return store.deleteAttachment(id, context)
        },
      }
    },
  },
  {
    fault: 'the prefix is ignored',
    caughtBy: 'lifecycle/prefixes',
    options: ({ prefix: _, ...options }) => options,
  },
  {
    fault: 'an aborted read asks the backend first',
    caughtBy: 'read/aborted',
    wrap: (store) => ({
      readAttachment: async (id, context, options) => {
        if (!(await store.headAttachment(id, context))) throw new AttachmentNotFoundError('there are no bytes')
        return store.readAttachment(id, context, options)
      },
    }),
  },
  forgettingUrls(),
]

/** Keeps what it knows of its URLs itself, until it is closed. */
function forgettingUrls(): BlobMutant {
  let closed = false
  return {
    fault: 'the URLs of an instance end with it',
    caughtBy: 'upload/outlives-its-instance',
    mutate: () => ({
      close: async () => {
        closed = true
      },
    }),
    answer: (handler) => async (request) => (closed ? new Response(null, { status: 403 }) : handler(request)),
  }
}
