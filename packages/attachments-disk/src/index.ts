import {
  type AttachmentStoreOptions,
  type BlobHandler,
  type BlobHandlerOptions,
  blobHandler,
  DriverAttachmentStore,
  UrlSigner,
  type UrlSignerOptions,
} from '@threadkeep/core/driver'
import { DiskDriver } from './disk-driver.ts'

export interface DiskAttachmentStoreOptions<TContext>
  extends AttachmentStoreOptions<TContext>,
    UrlSignerOptions,
    BlobHandlerOptions {
  /** Where the bytes are; `setup()` makes it, for this user alone. Several processes may share it. */
  directory: string
}

/** Attachments on disk. Call `setup()` when the server starts, and mount `handler` at `baseUrl`. */
export class DiskAttachmentStore<TContext = unknown> extends DriverAttachmentStore<TContext> {
  /** Answers the signed URLs of this store. */
  readonly handler: BlobHandler

  constructor(options: DiskAttachmentStoreOptions<TContext>) {
    const driver = new DiskDriver(options.directory, new UrlSigner(options))
    super(driver, options)
    this.handler = blobHandler(driver, driver.signer, options)
  }
}
