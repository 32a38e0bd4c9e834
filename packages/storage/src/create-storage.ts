import type { AttachmentStore, Store } from '@threadkeep/core'
import type { Ledger } from '@threadkeep/core/driver'
import { StorageAttachments } from './storage-attachments.ts'
import { StorageStore } from './storage-store.ts'
import { facesOf, sharedScope } from './tenant.ts'
import { UploadLife } from './upload-life.ts'
import type { UploadRecord } from './upload-record.ts'
import { Uploads } from './uploads.ts'

export interface StorageOptions<TContext> {
  store: Store<TContext>
  attachments: AttachmentStore<TContext>
  /** Where the uploads' rows are kept. Default: the store's own, which every store over a driver has. */
  ledger?: Ledger<TContext>
  /** Names who acts, for uploads that only their uploader completes, fails and deletes. Default: the scope. */
  actor?: (context: TContext) => string
  /** Who may delete an attachment. Default: its uploader. */
  canDelete?: (upload: UploadRecord, context: TContext) => boolean
  /** How long the bytes of a deleted attachment stay, in seconds. Default 86,400. */
  restoreWindow?: number
}

/** A store and an attachment store working together. Hand `store` and `attachments` to a ChatKit server. */
export interface Storage<TContext> {
  readonly store: Store<TContext>
  readonly attachments: AttachmentStore<TContext>
  readonly uploads: Uploads<TContext>
  /** Prepares both backends. */
  setup(): Promise<void>
  /** Closes both. */
  close(): Promise<void>
}

/**
 * Makes a storage of any store and any attachment store. A store without a ledger or an attachment store without objects
 * is refused with `configuration`, and so is every call whose context has different scopes in the two.
 */
export function createStorage<TContext>(options: StorageOptions<TContext>): Storage<TContext> {
  const { store, attachments, canDelete, restoreWindow = 86_400 } = options
  const faces = facesOf(store, attachments, options.ledger)
  const actor = options.actor ?? ((context: TContext) => sharedScope(faces, context))
  const life = new UploadLife(faces)
  const uploads = new Uploads(faces, life, { actor, canDelete, restoreWindow })
  return {
    store: new StorageStore(store, faces, life, uploads),
    attachments: new StorageAttachments(attachments, life, uploads, actor),
    uploads,
    setup: async () => {
      await Promise.all([store.setup(), attachments.setup()])
    },
    close: async () => {
      await Promise.all([store.close(), attachments.close()])
    },
  }
}
