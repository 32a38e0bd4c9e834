import { createHmac } from 'node:crypto'

/** What a server sees of a signed request to a blob. */
export interface SignedRequest {
  readonly method: 'PUT' | 'GET' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Of an account, or of a user for a while. */
export interface SigningKey {
  readonly account: string
  /** Base64. */
  readonly value: string
  readonly delegated: boolean
}

const permissionOf = { PUT: 'c', GET: 'r', DELETE: 'd' }

/**
 * Whether a SAS is good for a request at this time, by the rules of
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas and …/create-user-delegation-sas; the two lines
 * of signed headers and signed query parameters are those of the SDKs since version 2026-04-06.
 */
export function verifySas({ method, url, headers }: SignedRequest, key: SigningKey, now: Date): boolean {
  const { pathname, protocol, searchParams } = new URL(url)
  const of = (name: string): string => searchParams.get(name) ?? ''
  if (now.getTime() >= Date.parse(of('se')) || (of('st') && now.getTime() < Date.parse(of('st')))) return false
  if (!of('sp').includes(permissionOf[method]) || !of('spr').split(',').includes(protocol.slice(0, -1))) return false
  const resource = `/blob/${key.account}${decodeURIComponent(pathname)}`
  const range = [of('sp'), of('st'), of('se'), resource]
  const shown = ['rscc', 'rscd', 'rsce', 'rscl', 'rsct'].map(of)
  const lines = key.delegated
    ? [...range, ...delegation(of), of('sip'), of('spr'), of('sv'), of('sr'), '', of('ses')]
    : [...range, of('si'), of('sip'), of('spr'), of('sv'), of('sr'), '', of('ses')]
  const named = of('srh').split(',').filter(Boolean)
  if (named.some((name) => headers[name] === undefined)) return false
  const brought = named.map((name) => `${name}:${headers[name]}\n`).join('')
  const signed = key.delegated && of('sv') >= '2026-04-06' ? [...lines, brought, ''] : lines
  const hmac = createHmac('sha256', Buffer.from(key.value, 'base64'))
  return hmac.update([...signed, ...shown].join('\n')).digest('base64') === of('sig')
}

function delegation(of: (name: string) => string): string[] {
  const names = ['skoid', 'sktid', 'skt', 'ske', 'sks', 'skv', 'saoid', 'suoid', 'scid', 'skdutid', 'sduoid']
  return names.map(of)
}
