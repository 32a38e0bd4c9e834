import { S3AttachmentStore, type S3AttachmentStoreOptions } from '../src/index.ts'

/** A store whose context is its scope. */
export function storeIn(
  bucket: string,
  options: Omit<S3AttachmentStoreOptions<string>, 'bucket' | 'scope'>,
): S3AttachmentStore<string> {
  return new S3AttachmentStore<string>({ scope: (tenant) => tenant, bucket, ...options })
}
