import type { Finding } from '../store/finding.ts'
import type { UploadDescriptor } from './attachment.ts'

/** Asks what a browser asks before a page of `origin` uploads. `setting` says where the service is told the answer. */
export async function preflightFinding(
  origin: string,
  { url, method, headers }: UploadDescriptor,
  setting: string,
): Promise<Finding> {
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  const answer = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': names.sort().join(','),
    },
  })
  await answer.body?.cancel()
  const allows = (header: string, wanted: readonly string[]) => {
    const allowed = (answer.headers.get(header) ?? '').toLowerCase().split(/\s*,\s*/)
    return allowed.includes('*') || wanted.every((one) => allowed.includes(one.toLowerCase()))
  }
  const isAllowed =
    answer.ok &&
    allows('access-control-allow-origin', [origin]) &&
    allows('access-control-allow-methods', [method]) &&
    allows('access-control-allow-headers', names)
  if (isAllowed) return { topic: 'cors', level: 'ok', message: `pages of ${origin} may upload` }
  const missing = `the origin ${origin}, the method ${method} and the headers ${names.join(', ')}`
  return { topic: 'cors', level: 'error', message: `pages of ${origin} cannot upload: allow ${missing} in ${setting}` }
}
