import { createPrivateKey, randomBytes } from 'node:crypto'
import { Storage } from '@google-cloud/storage'
import type { Bucket } from './bucket.ts'

/** What a `Storage` takes to reach the Google Cloud Storage of a backend's URL. */
export interface GcsOptions {
  readonly apiEndpoint: string
  readonly projectId: string
  readonly credentials: {
    readonly client_email: string
    readonly private_key: string
    readonly universe_domain: string
  }
  readonly universeDomain: string
  readonly useAuthWithCustomEndpoint: true
}

/** Outside of Google's own universe the SDK signs its tokens itself, and asks nobody on the network for one. */
const universe = 'universe.test'

export function gcsOptions(url: string): GcsOptions {
  const { origin, username, password } = new URL(url)
  const key = createPrivateKey({ key: Buffer.from(password, 'base64url'), format: 'der', type: 'pkcs8' })
  const private_key = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const credentials = { client_email: decodeURIComponent(username), private_key, universe_domain: universe }
  const address = { apiEndpoint: origin, projectId: 'threadkeep', universeDomain: universe }
  return { ...address, credentials, useAuthWithCustomEndpoint: true }
}

/** Creates an empty bucket with a random name. */
export async function createGcsBucket(url: string): Promise<Bucket> {
  const name = `threadkeep-test-${randomBytes(8).toString('hex')}`
  const [bucket] = await new Storage(gcsOptions(url)).createBucket(name)
  const drop = async () => {
    await bucket.deleteFiles()
    await bucket.delete()
  }
  return { name, drop }
}
