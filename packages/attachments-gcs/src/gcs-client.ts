import { Storage, type StorageOptions } from '@google-cloud/storage'
import { StorageError } from '@threadkeep/core'
import { defaultTimeoutMs, type ErrorCode } from '@threadkeep/core/driver'

export interface GCSClientOptions {
  readonly client?: Storage
  readonly config?: StorageOptions
  readonly timeoutMs?: number
}

/** Borrows the client of the options, or makes one. It holds nothing that has to be closed. */
export function connect({ client, config, timeoutMs = defaultTimeoutMs }: GCSClientOptions): Storage {
  if (client && config) {
    throw new StorageError('configuration', 'GCSAttachmentStore needs the option client or the option config, not both')
  }
  const retryOptions = { totalTimeout: timeoutMs / 1_000, ...config?.retryOptions }
  return client ?? new Storage({ timeout: timeoutMs, ...config, retryOptions })
}

/** The code of an error of the SDK or of its authentication. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const known = sentences.find(([sentence]) => sentence.test(textOf(error)))
  return known ? known[1] : (byStatus(statusOf(error)) ?? (isUnreachable(error) ? 'unavailable' : undefined))
}

/** Resolves with nothing for an object that is not there, and rejects with every other error. */
export function isMissing(error: unknown): undefined {
  if (statusOf(error) === 404) return undefined
  throw error
}

/** Without a key nothing can be signed, and the SDK says so in words of its own. */
export function signingFault(error: unknown): never {
  if (isUnreachable(error)) throw error
  const how = "give it a service account's key, or let its service account sign blobs"
  const role = 'roles/iam.serviceAccountTokenCreator on itself, and the IAM Service Account Credentials API enabled'
  const message = `the credentials of GCSAttachmentStore cannot sign URLs: ${how} (${role})`
  throw new StorageError('configuration', message, { cause: error })
}

/** What the SDK and the service say, reasons included. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const reasons = 'errors' in error && Array.isArray(error.errors) ? error.errors.map(({ reason }) => reason) : []
  return [error.message, ...reasons].join(' ')
}

/** Of the answer that the error is about. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const own = ['status', 'code'].map((name) => Number(Reflect.get(error, name)))
  return own.find((status) => status >= 100)
}

function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : textOf(error)
  return /\bE(?!NOENT|RR_)[A-Z_]{4,}\b/.test(code)
}

/** Where the status alone would say something else, or there is none. */
const sentences: readonly (readonly [RegExp, ErrorCode])[] = [
  [/rateLimitExceeded/i, 'unavailable'],
  [/doesn't match calculated/, 'checksum_mismatch'],
  [/Could not load the default credentials|invalid_grant|ENOENT|DECODER routines|ERR_OSSL/, 'configuration'],
]

function byStatus(status: number | undefined): ErrorCode | undefined {
  if (status === undefined) return undefined
  if (status === 409 || status === 412) return 'conflict'
  if (status === 413) return 'too_large'
  if (status === 416) return 'invalid_argument'
  if (status === 408 || status === 429 || status >= 500) return 'unavailable'
  // Objects that are not there never come here.
  return status === 401 || status === 403 || status === 404 ? 'configuration' : undefined
}
