import type { Storage, StorageOptions } from '@threadkeep/storage'
import type { AttachmentTarget } from '../attachments/attachment-target.ts'
import type { StoreTarget } from '../store/store-target.ts'
import type { SuiteContext } from '../suite-context.ts'

/** How the suite gets at a storage: any store together with any attachment store. */
export interface StorageTarget {
  /** As for the cases of stores. One without a ledger must be refused; the cases are then skipped. */
  readonly store: StoreTarget
  /** As for the cases of attachment stores. With the gap `createAttachment` the cases that upload are skipped. */
  readonly attachments: AttachmentTarget
  /** How often each race of two callers for one upload is run, each time a little different. Default 20. */
  readonly races?: number
  /** Makes the storage. Default: `createStorage`. */
  create?(options: StorageOptions<StorageContext>): Storage<StorageContext>
}

/** The context of every call to a storage: a user of a tenant. */
export interface StorageContext extends SuiteContext {
  readonly user: string
}
