import { randomBytes } from 'node:crypto'
import { type BlobHandler, type BlobHandlerOptions, blobHandler } from './blob-handler.ts'
import { type AttachmentStoreOptions, DriverAttachmentStore } from './driver-attachment-store.ts'
import { MemoryBlobDriver } from './memory-blob-driver.ts'
import { UrlSigner, type UrlSignerOptions } from './url-signer.ts'

export interface MemoryAttachmentStoreOptions<TContext>
  extends AttachmentStoreOptions<TContext>,
    Partial<UrlSignerOptions>,
    BlobHandlerOptions {
  /** The memory of another store, to share it with its signer. Default: a memory of its own. */
  driver?: MemoryBlobDriver
}

/**
 * The reference attachment store, for tests and first steps; nothing outlives the process. Without `baseUrl` its URLs
 * lead nowhere but to `handler`, and without `secret` they are good in this process only.
 */
export class MemoryAttachmentStore<TContext = unknown> extends DriverAttachmentStore<TContext> {
  /** Answers the URLs of this store. */
  readonly handler: BlobHandler

  constructor(options: MemoryAttachmentStoreOptions<TContext>) {
    const { baseUrl = 'http://memory.invalid', secret = randomBytes(32).toString('hex') } = options
    const driver = options.driver ?? new MemoryBlobDriver(new UrlSigner({ baseUrl, secret }))
    super(driver, options)
    this.handler = blobHandler(driver, driver.signer, options)
  }
}
