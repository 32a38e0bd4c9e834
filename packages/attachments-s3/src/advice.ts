/** Which setting is wrong and how, by an error of the SDK. `undefined`: it is not about a setting. */
export function adviceOn(error: unknown): string | undefined {
  return error instanceof Error ? adviceOnCode(error.name) : undefined
}

/** The same by S3's own code. */
export function adviceOnCode(code: string): string | undefined {
  return advice[code]
}

const bucket = 'there is no such bucket: create it, or correct the option bucket, the region or the endpoint'
const region = "the bucket is in another region: correct the region of the client's configuration"
const actions = 's3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload'
const rights = `the credentials may not do it: allow ${actions} on the bucket's objects, and s3:ListBucket on the bucket`
const noKey = 'the access key does not exist: correct accessKeyId of the credentials'
const expired = 'the session of the credentials is over: renew them'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and the errors of the SDK. */
const advice: Record<string, string | undefined> = {
  AccessDenied: rights,
  403: rights,
  AuthorizationHeaderMalformed: region,
  CredentialsProviderError: 'the SDK finds no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role',
  ExpiredToken: expired,
  IllegalLocationConstraintException: region,
  InvalidAccessKeyId: noKey,
  InvalidBucketName: 'no bucket can have that name: correct the option bucket',
  InvalidToken: expired,
  NoSuchBucket: bucket,
  NotFound: bucket,
  PermanentRedirect: region,
  RequestTimeTooSkewed: "this machine's clock is off by more than 15 minutes: synchronise it, for example with NTP",
  SignatureDoesNotMatch: 'the secret key is not that of the access key: correct secretAccessKey of the credentials',
  XAdminUserNotFound: noKey, // of versitygw
}
