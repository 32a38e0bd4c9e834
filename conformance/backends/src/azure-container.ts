import { randomBytes } from 'node:crypto'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { Bucket } from './bucket.ts'

/** What reaches the Azure Blob Storage of a backend's URL. */
export interface AzureOptions {
  /** URL of the blob service, without credentials. */
  readonly endpoint: string
  readonly account: string
  /** Base64. */
  readonly key: string
}

export function azureOptions(url: string): AzureOptions {
  const { origin, pathname, username, password } = new URL(url)
  const endpoint = origin + pathname.replace(/\/$/, '')
  return { endpoint, account: decodeURIComponent(username), key: decodeURIComponent(password) }
}

/** What Azure's tools take, for a backend's URL, with what a test changes. */
export function azureConnectionString(url: string, changes: Partial<AzureOptions> = {}): string {
  const { endpoint, account, key } = { ...azureOptions(url), ...changes }
  const scheme = endpoint.replace(/:.*/, '')
  return `DefaultEndpointsProtocol=${scheme};AccountName=${account};AccountKey=${key};BlobEndpoint=${endpoint}`
}

/** Creates an empty container with a random name. */
export async function createAzureContainer(url: string): Promise<Bucket> {
  const { endpoint, account, key } = azureOptions(url)
  const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key))
  const name = `threadkeep-test-${randomBytes(8).toString('hex')}`
  await service.createContainer(name)
  return { name, drop: async () => void (await service.deleteContainer(name)) }
}
