import { StorageError } from '@threadkeep/core'
import { statusOf, textOf } from './gcs-client.ts'

/** Which setting is wrong and how, by an error of the driver. `undefined`: it is not about a setting. */
export function adviceOn(error: unknown): string | undefined {
  if (error instanceof StorageError) return error.code === 'configuration' ? error.message : undefined
  const said = sentences.find(([sentence]) => sentence.test(textOf(error)))
  return said ? said[1] : advice[String(statusOf(error))]
}

/** The same by the service's own code in an answer to a signed URL. */
export function adviceOnCode(code: string): string | undefined {
  return advice[code]
}

const bucket = 'there is no such bucket: create it, or correct the option bucket'
const role = 'roles/storage.objectUser on the bucket'
const rights = `the service account may not do it: give it ${role}`
const key = 'the private key is not one of the service account: correct client_email and private_key of the credentials'
const clock = "this machine's clock is off by more than a token may be: synchronise it, for example with NTP"
const none =
  'the SDK finds no credentials: set GOOGLE_APPLICATION_CREDENTIALS to the path of a key file, or credentials'

const sentences: readonly (readonly [RegExp, string])[] = [
  [/invalid_grant.*timeframe/, clock],
  [/invalid_grant/, key],
  [/Could not load the default credentials/, none],
  [/ENOENT/, 'the key file does not exist: correct GOOGLE_APPLICATION_CREDENTIALS or keyFilename'],
  [/DECODER routines|ERR_OSSL/, 'the private key cannot be read: correct private_key of the credentials'],
]

/** https://cloud.google.com/storage/docs/xml-api/reference-status, and the statuses of the JSON API. */
const advice: Record<string, string | undefined> = {
  401: `the service knows no such credentials: ${key}; or ${none}`,
  403: rights,
  404: bucket,
  AccessDenied: rights,
  InvalidSecurity: key,
  NoSuchBucket: bucket,
  SignatureDoesNotMatch: key,
}
