import { GCSAttachmentStore, type GCSAttachmentStoreOptions } from '../src/index.ts'

/** A store whose context is its scope. */
export function storeIn(
  bucket: string,
  options: Omit<GCSAttachmentStoreOptions<string>, 'bucket' | 'scope'>,
): GCSAttachmentStore<string> {
  return new GCSAttachmentStore<string>({ scope: (tenant) => tenant, bucket, ...options })
}
