import { codeOf } from './azure-client.ts'

/** Where Azure is told which pages may upload. */
export const corsSetting = "the account's CORS rules for blobs (az storage cors add --services b)"

/** Which setting is wrong and how, by an error of the SDK. `undefined`: it is not about a setting. */
export function adviceOn(error: unknown): string | undefined {
  return advice[codeOf(error)]
}

/** The same of a signed upload that was refused, although the credential may do all else. */
export function adviceOnRefusal(code: string, signsHeaders: boolean): string | undefined {
  return signsHeaders && /^Auth/.test(code) ? headers : advice[code]
}

const headers = 'it may not know signed headers: set the option signHeaders to false'
const clock = "or this machine's clock is off by more than 15 minutes: synchronise it, for example with NTP"
const key = `the account key is not that of the account: correct the connection string or the credential; ${clock}`
const container = 'there is no such container: create it, or correct the option container or the account'
const name = 'no container can have that name: correct the option container'
const roles = 'Storage Blob Data Contributor on the container and Storage Blob Delegator on the account'
const rights = `the credential may not do it: give it the roles ${roles}`
const identity = 'the credential gives no token: sign in, or set what its kind of @azure/identity asks for'

/** https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and the errors of the SDKs. */
const advice: Record<string, string | undefined> = {
  AccountIsDisabled: 'the account is disabled: enable it',
  AggregateAuthenticationError: identity,
  AuthenticationError: identity,
  AuthenticationFailed: key,
  AuthenticationRequiredError: identity,
  AuthorizationFailure: `the account's firewall keeps this machine out: allow its network; or ${key}`,
  AuthorizationPermissionMismatch: rights,
  AuthorizationProtocolMismatch: 'the account takes https only: correct the url',
  BlobImmutableDueToPolicy: 'a policy keeps blobs from being deleted: take immutability off the container',
  ContainerBeingDeleted: container,
  ContainerNotFound: container,
  CredentialUnavailableError: identity,
  ENOTFOUND: 'there is no such host: correct the name of the account',
  InvalidAuthenticationInfo: identity,
  InvalidResourceName: name,
  KeyBasedAuthenticationNotPermitted: 'the account allows no account keys: use a credential of @azure/identity',
  OutOfRangeInput: name,
}
