import type { Storage, StorageOptions } from '@google-cloud/storage'
import { type AttachmentStoreOptions, DriverAttachmentStore } from '@threadkeep/core/driver'
import { GCSDriver } from './gcs-driver.ts'

export interface GCSAttachmentStoreOptions<TContext> extends AttachmentStoreOptions<TContext> {
  /** A bucket that exists. */
  bucket: string
  /** A client of @google-cloud/storage. */
  client?: Storage
  /** Instead of a client, the SDK's own configuration: credentials, projectId, apiEndpoint … Default: as the SDK finds it. */
  config?: StorageOptions
  /** The origins of pages that upload from a browser, such as `['https://chat.example']`, for `check()` to try. */
  origins?: readonly string[]
}

/** Attachments in Google Cloud Storage. */
export class GCSAttachmentStore<TContext = unknown> extends DriverAttachmentStore<TContext> {
  constructor(options: GCSAttachmentStoreOptions<TContext>) {
    super(new GCSDriver(options), options)
  }
}
