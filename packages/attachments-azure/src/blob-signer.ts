import {
  type BlobClient,
  BlobSASPermissions,
  type BlobSASSignatureValues,
  type BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  type UserDelegationKey,
} from '@azure/storage-blob'
import { StorageError } from '@threadkeep/core'
import { answered } from './azure-client.ts'

/** What a URL is good for, beside the one blob. */
export interface Grant {
  readonly permission: 'c' | 'r'
  readonly expiresAt: Date
  /** What a download is answered with. */
  readonly answer?: Pick<BlobSASSignatureValues, 'contentType' | 'contentDisposition'>
  /** What a request must bring, where that can be signed. */
  readonly requestHeaders?: Readonly<Record<string, string>>
}

interface BlobSignerOptions {
  readonly signHeaders?: boolean
  readonly timeoutMs: number
}

/** A key lasts at least this long, in milliseconds. */
const keyLifeMs = 24 * 60 * 60 * 1_000
/** The last version without signed headers, for services that know no later one. */
const withoutHeaders = '2025-11-05'

/**
 * Signs URLs: with the account key of a client, or with the user delegation key that its token credential is given, the
 * same one until it would end before a URL does. Only the latter can sign headers. A client that has neither: `configuration`.
 */
export class BlobSigner {
  readonly signsHeaders: boolean
  readonly #client: BlobServiceClient
  readonly #byAccountKey: boolean
  readonly #timeoutMs: number
  #key: { readonly endsAt: number; readonly value: Promise<UserDelegationKey> } | undefined

  constructor(client: BlobServiceClient, { signHeaders = true, timeoutMs }: BlobSignerOptions) {
    this.#client = client
    this.#byAccountKey = 'computeHMACSHA256' in client.credential
    this.#timeoutMs = timeoutMs
    this.signsHeaders = !this.#byAccountKey && signHeaders
    if (this.#byAccountKey || 'getToken' in client.credential) return
    const how = 'make it with the key of the account or with a credential of @azure/identity, not with a SAS'
    throw new StorageError('configuration', `the client of AzureAttachmentStore cannot sign URLs: ${how}`)
  }

  /**
   * A URL for this blob alone. It is good from the beginning of time, so that a clock that is ahead does no harm, and the
   * same whenever it is signed for the same end.
   */
  async sign(blob: BlobClient, { permission, expiresAt, answer, requestHeaders }: Grant): Promise<string> {
    const protocol = blob.url.startsWith('https:') ? SASProtocol.Https : SASProtocol.HttpsAndHttp
    const values = { permissions: BlobSASPermissions.parse(permission), expiresOn: expiresAt, protocol, ...answer }
    if (this.#byAccountKey) return blob.generateSasUrl(values)
    const headers = this.signsHeaders ? { ...(requestHeaders && { requestHeaders }) } : { version: withoutHeaders }
    const { containerName, name: blobName, accountName } = blob
    const key = await this.#keyUntil(expiresAt.getTime())
    const sas = generateBlobSASQueryParameters({ ...values, ...headers, containerName, blobName }, key, accountName)
    return `${blob.url}?${sas}`
  }

  #keyUntil(end: number): Promise<UserDelegationKey> {
    if (this.#key && this.#key.endsAt >= end) return this.#key.value
    const now = Date.now()
    const endsAt = Math.ceil(Math.max(end, now + keyLifeMs) / 1_000) * 1_000
    const value = answered(this.#timeoutMs, null, (abortSignal) =>
      this.#client.getUserDelegationKey(new Date(now), new Date(endsAt), { abortSignal }),
    )
    this.#key = { endsAt, value }
    value.catch(() => this.#forget(value))
    return value
  }

  #forget(value: Promise<UserDelegationKey>): void {
    if (this.#key?.value === value) this.#key = undefined
  }
}
