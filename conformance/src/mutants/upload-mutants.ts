import { StorageError, UnauthorizedError } from '@threadkeep/core'
import type { UploadListener } from '@threadkeep/storage'
import type { StorageMutant } from './storage-mutant.ts'

/** Faults in the life of one upload: who may do what, and when. */
export const uploadMutants: readonly StorageMutant[] = [
  {
    fault: 'complete does not look at the bytes',
    caughtBy: 'completion/before-the-bytes',
    faults: () => ({ objects: () => ({ head: async () => ({ size: 5, type: 'text/plain', etag: 'claimed' }) }) }),
  },
  {
    fault: 'complete before the bytes fails the upload',
    caughtBy: 'completion/before-the-bytes',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({
        complete: (id, context) =>
          uploads.complete(id, context).catch(async (error: unknown) => {
            await uploads.fail(id, { reason: 'no bytes' }, context)
            throw error
          }),
      }),
    }),
  },
  {
    fault: 'complete again is a conflict',
    caughtBy: 'completion/twice',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({
        complete: async (id, context) => {
          if ((await uploads.load(id, context)).status === 'complete')
            throw new StorageError('conflict', 'complete already')
          return uploads.complete(id, context)
        },
      }),
    }),
  },
  {
    fault: 'every complete tells its listener, also of what was complete',
    caughtBy: 'concurrency/two-completes',
    faults: () => {
      let listener: UploadListener | undefined
      return {
        options: ({ onComplete }) => {
          listener = onComplete
          return onComplete ? { onComplete: () => {} } : {}
        },
        uploads: ({ storage: { uploads } }) => {
          const told = listener
          return {
            complete: async (id, context) => {
              const record = await uploads.complete(id, context)
              await told?.({ ...record, scope: context.scope })
              return record
            },
          }
        },
      }
    },
  },
  {
    fault: 'nobody hears of what a sweep fails',
    caughtBy: 'concurrency/complete-and-sweep',
    faults: () => ({ options: ({ onFailed }) => (onFailed ? { onFailed: () => {} } : {}) }),
  },
  {
    fault: 'an outage counts as missing bytes',
    caughtBy: 'completion/outage',
    faults: () => ({ objects: (objects) => ({ head: (scope, id) => objects.head(scope, id).catch(() => undefined) }) }),
  },
  {
    fault: 'bytes are looked for each time an attachment is loaded',
    caughtBy: 'completion/known-afterwards',
    faults: () => ({
      store: ({ storage: { store }, objects }) => ({
        loadAttachment: async (id, context) => {
          await objects.head(context.scope, id)
          return store.loadAttachment(id, context)
        },
      }),
    }),
  },
  {
    fault: 'bytes of any size are taken',
    caughtBy: 'bytes/size',
    faults: () => believing('size'),
  },
  {
    fault: 'bytes of any type are taken',
    caughtBy: 'bytes/type',
    faults: () => believing('type'),
  },
  {
    fault: 'wrong bytes stay where they are',
    caughtBy: 'bytes/size',
    faults: () => ({ objects: () => ({ delete: async () => {} }) }),
  },
  {
    fault: 'complete after fail is allowed',
    caughtBy: 'failing/is-final',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({
        complete: async (id, context) => {
          const record = await uploads.load(id, context)
          return record.status === 'failed' ? { ...record, status: 'complete' } : uploads.complete(id, context)
        },
      }),
    }),
  },
  {
    fault: 'fail after complete removes the bytes',
    caughtBy: 'failing/after-completion',
    faults: () => ({
      uploads: ({ storage: { uploads }, objects }) => ({
        fail: async (id, options, context) => {
          await uploads.load(id, context)
          await objects.delete(context.scope, id)
          await uploads.fail(id, options, context)
        },
      }),
    }),
  },
  {
    fault: 'the reason has no end',
    caughtBy: 'failing/clean-reason',
    faults: () => reasonAs((reason) => reason.replaceAll(/[\p{C}\s]+/gu, ' ')),
  },
  {
    fault: 'the reason is kept with its control characters',
    caughtBy: 'failing/clean-reason',
    faults: () => reasonAs((reason) => reason.slice(0, 500)),
  },
  {
    fault: 'the last reason counts',
    caughtBy: 'failing/again',
    faults: () => reasonAs((reason) => reason.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, 500) || 'none'),
  },
  {
    fault: 'anybody of the tenant completes',
    caughtBy: 'permissions/complete',
    faults: () => ({ options: () => ({ actor: ({ scope }) => scope }) }),
  },
  {
    fault: 'anybody of the tenant deletes',
    caughtBy: 'permissions/delete',
    faults: () => ({ options: () => ({ canDelete: () => true }) }),
  },
  {
    fault: 'the uploader deletes whatever canDelete says',
    caughtBy: 'permissions/can-delete',
    faults: () => ({ options: () => ({ canDelete: ({ uploadedBy }, { user }) => uploadedBy === user }) }),
  },
  {
    fault: 'what is missing is unauthorized',
    caughtBy: 'permissions/missing',
    faults: () => ({
      uploads: ({ storage: { uploads } }) => ({
        complete: (id, context) => uploads.complete(id, context).catch(unauthorized),
      }),
    }),
  },
  {
    fault: 'uploads are found without their tenant',
    caughtBy: 'permissions/strangers',
    faults: () => {
      const owners = new Map<string, string>()
      return {
        ledger: (ledger) => ({
          putAttachment: async (scope, attachment, move) => {
            owners.set(attachment.id, scope)
            await ledger.putAttachment(scope, attachment, move)
          },
          getAttachment: (scope, id) => ledger.getAttachment(owners.get(id) ?? scope, id),
        }),
      }
    },
  },
]

/** The bytes that are there are told as `hello` was announced, in one respect. */
function believing(key: 'size' | 'type'): ReturnType<StorageMutant['faults']> {
  return {
    objects: (objects, ledger) => ({
      head: async (scope, id) => {
        const [info, entry] = [await objects.head(scope, id), await ledger.getAttachment(scope, id)]
        const claims = entry?.state ? JSON.parse(entry.state) : {}
        return info && { ...info, [key]: claims[key] ?? info[key] }
      },
    }),
  }
}

/** What `load` tells is the reason of the last call, changed a little or not at all. */
function reasonAs(kept: (reason: string) => string): ReturnType<StorageMutant['faults']> {
  const reasons = new Map<string, string>()
  return {
    uploads: ({ storage: { uploads } }) => ({
      fail: async (id, options, context) => {
        await uploads.fail(id, options, context)
        if (options.reason) reasons.set(id, kept(options.reason))
      },
      load: async (id, context) => {
        const record = await uploads.load(id, context)
        return { ...record, reason: reasons.get(id) ?? record.reason }
      },
    }),
  }
}

function unauthorized(): never {
  throw new UnauthorizedError('this attachment belongs to somebody else')
}
