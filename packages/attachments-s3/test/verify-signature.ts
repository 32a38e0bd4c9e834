import { createHash, createHmac } from 'node:crypto'

/** What a server sees of a signed request. */
export interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Whether a signed URL is good for a request at this time, by the rules of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html.
 */
export function verifySignature({ method, url, headers }: SignedRequest, secretKey: string, now: Date): boolean {
  const { pathname, searchParams } = new URL(url)
  const signature = searchParams.get('X-Amz-Signature')
  const [, day = '', region = '', service = '', end = ''] = (searchParams.get('X-Amz-Credential') ?? '').split('/')
  const date = searchParams.get('X-Amz-Date') ?? ''
  const signedAt = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const age = now.getTime() - signedAt
  if (!(age >= 0 && age <= Number(searchParams.get('X-Amz-Expires')) * 1_000)) return false
  const names = (searchParams.get('X-Amz-SignedHeaders') ?? '').split(';')
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('')
  const request = [method, pathname, query.sort().join('&'), lines, names.join(';'), 'UNSIGNED-PAYLOAD'].join('\n')
  const scope = [day, region, service, end].join('/')
  const hash = createHash('sha256').update(request).digest('hex')
  const keys = [day, region, service, end]
  const key = keys.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretKey}`)
  return signature === hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash].join('\n')).toString('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
