import type { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type AttachmentStoreOptions, DriverAttachmentStore } from '@threadkeep/core/driver'
import type { TokenCredential } from './azure-client.ts'
import { AzureDriver } from './azure-driver.ts'

export interface AzureAttachmentStoreOptions<TContext> extends AttachmentStoreOptions<TContext> {
  /** A container that exists. */
  container: string
  /** The connection string of the account, with its key. */
  connectionString?: string
  /** Instead of that, the address of its blobs, such as `https://account.blob.core.windows.net`, and a `credential`. */
  url?: string
  /** Of @azure/identity, or a `StorageSharedKeyCredential`. */
  credential?: TokenCredential | StorageSharedKeyCredential
  /** Instead of both, a client of @azure/storage-blob that was made with a key or a credential. */
  client?: BlobServiceClient
  /** Whether URLs that a credential of @azure/identity signs bind size and type of an upload too. Default true. */
  signHeaders?: boolean
  /** The origins of pages that upload from a browser, such as `['https://chat.example']`, for `check()` to try. */
  origins?: readonly string[]
}

/** Attachments in Azure Blob Storage. */
export class AzureAttachmentStore<TContext = unknown> extends DriverAttachmentStore<TContext> {
  constructor(options: AzureAttachmentStoreOptions<TContext>) {
    super(new AzureDriver(options), options)
  }
}
