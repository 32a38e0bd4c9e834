import type { AttachmentStore, Store, ThreadItem } from '@threadkeep/core'
import type { Content, ContentInit } from './content.ts'
import { Contents } from './contents.ts'
import type { ItemWithContents } from './pending-contents.ts'
import { Rows } from './rows.ts'
import { StorageAttachments } from './storage-attachments.ts'
import type { StorageOptions } from './storage-options.ts'
import { StorageStore } from './storage-store.ts'
import { facesOf, sharedScope } from './tenant.ts'
import { TypeCheck } from './type-check.ts'
import { UploadLife } from './upload-life.ts'
import { Uploads } from './uploads.ts'
import { Verifier } from './verifier.ts'

/** A store whose items may carry contents, which are stored first. */
export interface ContentStore<TContext> extends Store<TContext> {
  addThreadItem(threadId: string, item: ThreadItem | ItemWithContents, context: TContext): Promise<void>
  saveItem(threadId: string, item: ThreadItem | ItemWithContents, context: TContext): Promise<void>
}

/** A store and an attachment store working together. Hand `store` and `attachments` to a ChatKit server. */
export interface Storage<TContext> {
  readonly store: ContentStore<TContext>
  readonly attachments: AttachmentStore<TContext>
  readonly uploads: Uploads<TContext>
  /** A file of the server's own, to be stored by itself or with the message that carries it. */
  content(init: ContentInit, context: TContext): Content
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
  const { store, attachments, canDelete, restoreWindow = 86_400, filesUrl = '/files' } = options
  const faces = facesOf(store, attachments, options.ledger)
  const actor = options.actor ?? ((context: TContext) => sharedScope(faces, context))
  const rows = new Rows(faces, options)
  const verifier = new Verifier(faces.objects, new TypeCheck(attachments, options))
  const life = new UploadLife(faces, rows, verifier)
  const uploads = new Uploads(faces, rows, life, { actor, canDelete, restoreWindow })
  const contents = new Contents(faces, rows, life, { attachments, actor, filesUrl })
  return {
    store: new StorageStore(store, faces, rows, life, uploads),
    attachments: new StorageAttachments(attachments, faces, life, uploads, actor),
    uploads,
    content: (init, context) => contents.open(init, context),
    setup: async () => {
      await Promise.all([store.setup(), attachments.setup()])
    },
    close: async () => {
      await Promise.all([store.close(), attachments.close()])
    },
  }
}
