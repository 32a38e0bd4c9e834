import { createHash } from 'node:crypto'
import { GcsRefusal } from './gcs-refusal.ts'
import type { ServiceAccount } from './gcs-service-account.ts'

/** What a server sees of a request, names of headers in lowercase. */
export interface SignedRequest {
  readonly method: string
  /** Path and query, as they came. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

const longestSeconds = 604_800

/**
 * Throws a `GcsRefusal` unless the request is the one that a V4 signed URL was signed for, with every header, at a time
 * within its own. By https://cloud.google.com/storage/docs/authentication/canonical-requests and
 * https://cloud.google.com/storage/docs/access-control/signing-urls-manually, and nothing of the SDK.
 */
export function checkSignedUrl(request: SignedRequest, account: ServiceAccount, now: Date): void {
  const { searchParams } = new URL(request.target, 'http://host')
  const given = (name: string) => searchParams.get(name) ?? malformed(name, 'a parameter of the signature is missing')
  if (given('X-Goog-Algorithm') !== 'GOOG4-RSA-SHA256') malformed('X-Goog-Algorithm', 'only GOOG4-RSA-SHA256 is known')
  const date = given('X-Goog-Date')
  const [email, ...scope] = given('X-Goog-Credential').split('/')
  const [day, , service, end] = scope
  if (email !== account.email) throw new GcsRefusal(403, 'AccessDenied', 'there is no such account')
  if (scope.length !== 4 || day !== date.slice(0, 8) || service !== 'storage' || end !== 'goog4_request') {
    malformed('X-Goog-Credential', 'the scope of the credential is not that of the request')
  }
  checkTime(date, given('X-Goog-Expires'), now)
  const names = given('X-Goog-SignedHeaders').split(';')
  checkHeaders(names, request.headers)
  const hash = createHash('sha256').update(canonicalRequest(request, names)).digest('hex')
  const signed = ['GOOG4-RSA-SHA256', date, scope.join('/'), hash].join('\n')
  if (account.hasSigned(signed, Buffer.from(given('X-Goog-Signature'), 'hex'))) return
  throw new GcsRefusal(403, 'SignatureDoesNotMatch', 'the request is not the one that was signed')
}

function checkTime(date: string, expires: string, now: Date): void {
  const start = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const seconds = Number(expires)
  if (Number.isNaN(start)) malformed('X-Goog-Date', 'no date')
  if (!(Number.isInteger(seconds) && seconds > 0 && seconds <= longestSeconds)) {
    malformed('X-Goog-Expires', 'not between a second and seven days')
  }
  if (now.getTime() < start) throw new GcsRefusal(403, 'RequestTimeTooSkewed', 'the URL is not usable yet')
  if (now.getTime() >= start + seconds * 1_000) throw new GcsRefusal(400, 'ExpiredToken', 'the URL has expired')
}

function checkHeaders(names: readonly string[], headers: SignedRequest['headers']): void {
  if (!names.includes('host')) malformed('host', 'must be signed')
  for (const name of names) if (headers[name] === undefined) malformed(name, 'was signed, but is not in the request')
  const unsigned = Object.keys(headers).find((name) => name.startsWith('x-goog-') && !names.includes(name))
  if (unsigned !== undefined && unsigned !== 'x-goog-content-sha256') malformed(unsigned, 'is not signed')
}

function canonicalRequest({ method, target, headers }: SignedRequest, names: readonly string[]): string {
  const { pathname, searchParams } = new URL(target, 'http://host')
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
  const lines = names.map((name) => `${name}:${canonicalValue(name, String(headers[name]))}\n`)
  const payload = headers['x-goog-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
  const path = pathname.split('/').map((segment) => encode(decodeURIComponent(segment)))
  return [method, path.join('/'), query.join('&'), lines.join(''), names.join(';'), payload].join('\n')
}

/** The SDK signs a host without its port, which the service's own never has. */
function canonicalValue(name: string, value: string): string {
  return name === 'host' ? value.replace(/:\d+$/, '') : value.trim().replace(/\s+/g, ' ')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function malformed(parameter: string, message: string): never {
  throw new GcsRefusal(400, 'MalformedSecurityHeader', message, parameter)
}
