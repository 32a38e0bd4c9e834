import type { Storage } from '@threadkeep/storage'
import { replacing } from './replacing.ts'
import type { StorageTrial } from './storage-case.ts'
import type { StorageContext } from './storage-target.ts'

type Parts = Pick<StorageTrial, 'store' | 'attachments'>

/** A storage over the pair of the trial, of which some parts are others. */
export function ownStorage(trial: StorageTrial, parts: Partial<Parts>): Storage<StorageContext> {
  const { store, attachments, createStorage } = { ...trial, ...parts }
  return createStorage({ store, attachments, actor: ({ user }) => user })
}

/** The attachment store, and the ids that it makes from now on. */
export function notingIds(given: Parts['attachments']): Pick<Parts, 'attachments'> & { readonly ids: string[] } {
  const ids: string[] = []
  const generateAttachmentId = (...args: Parameters<typeof given.generateAttachmentId>) => {
    const id = given.generateAttachmentId(...args)
    ids.push(id)
    return id
  }
  return { ids, attachments: replacing(given, { generateAttachmentId }) }
}
