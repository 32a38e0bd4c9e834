import { BlobServiceClient, type StorageSharedKeyCredential } from '@azure/storage-blob'
import { StorageError } from '@threadkeep/core'
import type { ErrorCode } from '@threadkeep/core/driver'

/** Gives tokens of Microsoft Entra ID, as every credential of @azure/identity does. */
export interface TokenCredential {
  getToken(scopes: string | string[], options?: object): Promise<{ token: string; expiresOnTimestamp: number } | null>
}

export interface AzureClientOptions {
  readonly client?: BlobServiceClient
  readonly connectionString?: string
  readonly url?: string
  readonly credential?: StorageSharedKeyCredential | TokenCredential
}

interface Coded {
  readonly code?: unknown
}

/** Short waits: a store's own deadline is seconds away. */
const retryOptions = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 }

/** The client of the options, or one made of them. */
export function connect({ client, connectionString, url, credential }: AzureClientOptions): BlobServiceClient {
  const given = [client, connectionString, url].filter((option) => option !== undefined)
  if (given.length !== 1 || (url === undefined) !== (credential === undefined)) {
    const options = 'client, connectionString, or url with credential'
    throw new StorageError('configuration', `AzureAttachmentStore needs one of the options ${options}`)
  }
  if (client) return client
  try {
    if (url !== undefined) return new BlobServiceClient(url, credential, { retryOptions })
    return BlobServiceClient.fromConnectionString(connectionString ?? '', { retryOptions })
  } catch (cause) {
    const what = url === undefined ? 'connectionString' : 'url'
    throw new StorageError('configuration', `AzureAttachmentStore cannot read the option ${what}`, { cause })
  }
}

/**
 * Sends a request. Long after the caller was told that there is no answer, it is aborted, so that its connection is free
 * again; the body of an answer that came may take longer.
 */
export async function answered<T>(
  timeoutMs: number,
  signal: AbortSignal | null,
  send: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), 2 * timeoutMs)
  return send(signal ? AbortSignal.any([signal, late.signal]) : late.signal).finally(() => clearTimeout(timer))
}

/** Azure's own code of an error, or that of the network. An answer to HEAD has it in a header, `fetch` in the cause. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { code, details, cause, name } = error as Error & Coded & { details?: { errorCode?: unknown }; cause?: Coded }
  return String(code ?? details?.errorCode ?? cause?.code ?? name)
}

/** Resolves with nothing for a blob that is not there, and rejects with every other error. */
export function isMissing(error: unknown): undefined {
  if (codeOf(error) === 'BlobNotFound') return undefined
  throw error
}

/** The code of an error of the SDK: by Azure's own, or by its status. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined
  return codes[codeOf(error)] ?? byStatus(status) ?? (isOfNetwork(error) ? 'unavailable' : undefined)
}

function byStatus(status: number | undefined): ErrorCode | undefined {
  if (status === undefined) return undefined
  if (status === 412) return 'conflict'
  if (status === 416) return 'invalid_argument'
  if (status === 429 || status >= 500) return 'unavailable'
  return status === 401 || status === 403 || status === 404 ? 'configuration' : undefined
}

/** A request of the SDK that got no answer, or an answer whose body broke off. */
function isOfNetwork(error: Error): boolean {
  return error.name === 'RestError' || /^E[A-Z_]{4,}$/.test(codeOf(error))
}

/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and the errors of the SDKs. */
const codes: Record<string, ErrorCode | undefined> = {
  AccountIsDisabled: 'configuration',
  BlobImmutableDueToPolicy: 'configuration',
  ContainerBeingDeleted: 'configuration',
  ContainerDisabled: 'configuration',
  InvalidResourceName: 'configuration',
  OutOfRangeInput: 'configuration', // of Azurite, for a container's name
  // Of @azure/identity.
  AggregateAuthenticationError: 'configuration',
  AuthenticationError: 'configuration',
  AuthenticationRequiredError: 'configuration',
  CredentialUnavailableError: 'configuration',
  BlobAlreadyExists: 'conflict',
  ConditionNotMet: 'conflict',
  InvalidBlockList: 'unavailable', // somebody else's write discarded the blocks of this one
  Md5Mismatch: 'checksum_mismatch',
  RequestBodyTooLarge: 'too_large',
  AbortError: 'unavailable', // a connection that ends in the middle of a body
}
