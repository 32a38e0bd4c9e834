import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { StorageError } from '@threadkeep/core'
import { defaultTimeoutMs, type ErrorCode } from '@threadkeep/core/driver'

export interface S3ClientOptions {
  readonly client?: S3Client
  readonly config?: S3ClientConfig
  readonly timeoutMs?: number
}

/** Borrows the client of the options, or makes one, which `destroy` ends. */
export function connect({ client, config, timeoutMs = defaultTimeoutMs }: S3ClientOptions): {
  readonly client: S3Client
  destroy(): void
} {
  if (client && config) {
    throw new StorageError('configuration', 'S3AttachmentStore needs the option client or the option config, not both')
  }
  if (client) return { client, destroy: () => {} }
  const made = new S3Client({
    requestHandler: { connectionTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...config,
    // A default checksum would be that of an empty body in every signed upload.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return { client: made, destroy: () => made.destroy() }
}

/** The code of an error of the SDK: by its name, which is S3's own code, or by its status. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const names = [error.name, 'Code' in error ? String(error.Code) : '', 'code' in error ? String(error.code) : '']
  const known = names.map((name) => codes[name]).find((code) => code !== undefined)
  return (
    known ?? byStatus(statusOf(error)) ?? (names.some((name) => /^E[A-Z]{4,}$/.test(name)) ? 'unavailable' : undefined)
  )
}

/** Resolves with nothing for an object that is not there, and rejects with every other error. */
export function isMissing(error: unknown): undefined {
  if (error instanceof Error && ['NotFound', 'NoSuchKey'].includes(error.name)) return undefined
  throw error
}

/** Gives a signed URL back. A client's default checksum, of an empty body, would make it take nothing else: `configuration`. */
export function checkSigned(url: string): string {
  if (!/x-amz-checksum-crc|x-amz-sdk-checksum/i.test(url)) return url
  const how = "make it with requestChecksumCalculation: 'WHEN_REQUIRED'"
  throw new StorageError('configuration', `the client of S3AttachmentStore signs a default checksum: ${how}`)
}

function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined
  return metadata && typeof metadata === 'object' && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined
}

function byStatus(status: number | undefined): ErrorCode | undefined {
  if (status === undefined) return undefined
  if (status === 412) return 'conflict'
  if (status === 416) return 'invalid_argument'
  if (status === 429 || status >= 500) return 'unavailable'
  return status === 301 || status === 401 || status === 403 ? 'configuration' : undefined
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and the errors of the SDK. */
const codes: Record<string, ErrorCode> = {
  // An answer to HEAD has no code of its own; objects that are not there never come here.
  400: 'configuration',
  NotFound: 'configuration',
  AccessDenied: 'configuration',
  AuthorizationHeaderMalformed: 'configuration',
  CredentialsProviderError: 'configuration',
  ExpiredToken: 'configuration',
  IllegalLocationConstraintException: 'configuration',
  InvalidAccessKeyId: 'configuration',
  InvalidBucketName: 'configuration',
  InvalidToken: 'configuration',
  NoSuchBucket: 'configuration',
  PermanentRedirect: 'configuration',
  RequestTimeTooSkewed: 'configuration',
  SignatureDoesNotMatch: 'configuration',
  XAdminUserNotFound: 'configuration', // versitygw's InvalidAccessKeyId
  ConditionalRequestConflict: 'conflict',
  PreconditionFailed: 'conflict',
  BadDigest: 'checksum_mismatch',
  XAmzContentChecksumMismatch: 'checksum_mismatch',
  EntityTooLarge: 'too_large',
  InvalidRange: 'invalid_argument',
  NotImplemented: 'not_supported',
  RequestTimeout: 'unavailable',
  SlowDown: 'unavailable',
  TimeoutError: 'unavailable',
}
