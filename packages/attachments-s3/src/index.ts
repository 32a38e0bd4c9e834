import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { type AttachmentStoreOptions, DriverAttachmentStore } from '@threadkeep/core/driver'
import { S3Driver } from './s3-driver.ts'

export interface S3AttachmentStoreOptions<TContext> extends AttachmentStoreOptions<TContext> {
  /** A bucket that exists. */
  bucket: string
  /** A client of @aws-sdk/client-s3, made with `requestChecksumCalculation: 'WHEN_REQUIRED'`; it is never closed. */
  client?: S3Client
  /** Instead of a client, the SDK's own configuration: region, credentials, endpoint … Default: as the SDK finds it. */
  config?: S3ClientConfig
  /** The origins of pages that upload from a browser, such as `['https://chat.example']`, for `check()` to try. */
  origins?: readonly string[]
}

/** Attachments in S3, or in what speaks its protocol. */
export class S3AttachmentStore<TContext = unknown> extends DriverAttachmentStore<TContext> {
  constructor(options: S3AttachmentStoreOptions<TContext>) {
    super(new S3Driver(options), options)
  }
}
