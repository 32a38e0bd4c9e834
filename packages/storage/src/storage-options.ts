import type { AttachmentStore, Store } from '@threadkeep/core'
import type { Ledger } from '@threadkeep/core/driver'
import type { TypeCheckOptions } from './type-check.ts'
import type { UploadListeners } from './upload-events.ts'
import type { UploadRecord } from './upload-record.ts'

export interface StorageOptions<TContext> extends TypeCheckOptions, UploadListeners {
  store: Store<TContext>
  attachments: AttachmentStore<TContext>
  /**
   * Where the uploads' rows are kept. Default: the store's own, which every store over a driver has. Its `hasThread`
   * and `hasItem` must look where `store` keeps threads: attachments of what is not there are removed.
   */
  ledger?: Ledger<TContext>
  /** Names who acts, for uploads that only their uploader completes, fails and deletes. Default: the scope. */
  actor?: (context: TContext) => string
  /** Who may delete an attachment. Default: its uploader. */
  canDelete?: (upload: UploadRecord, context: TContext) => boolean | Promise<boolean>
  /** How long the bytes of a deleted attachment stay, in seconds. Default 86,400. */
  restoreWindow?: number
  /** Where `filesHandler` is mounted, for the URLs of contents. Default `/files`. */
  filesUrl?: string
}
