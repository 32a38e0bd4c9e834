import { AzureAttachmentStore, type AzureAttachmentStoreOptions } from '../src/index.ts'

/** A store whose context is its scope. */
export function storeIn(
  container: string,
  options: Omit<AzureAttachmentStoreOptions<string>, 'container' | 'scope'>,
): AzureAttachmentStore<string> {
  return new AzureAttachmentStore<string>({ scope: (tenant) => tenant, container, ...options })
}
