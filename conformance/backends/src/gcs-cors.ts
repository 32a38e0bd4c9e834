import type { IncomingHttpHeaders } from 'node:http'

/** One rule of a bucket, as the JSON API takes it. */
interface CorsRule {
  readonly origin?: readonly string[]
  readonly method?: readonly string[]
  readonly responseHeader?: readonly string[]
  readonly maxAgeSeconds?: number
}

/** The CORS rules of all buckets, which fake-gcs-server forgets. */
export class GcsCors {
  readonly #rules = new Map<string, readonly CorsRule[]>()

  /** Takes the rules out of what creates or changes a bucket; without any it leaves them as they are. */
  learn(bucket: string, resource: { readonly cors?: readonly CorsRule[] | null }): void {
    if (resource.cors !== undefined) this.#rules.set(bucket, resource.cors ?? [])
  }

  /** What an answer tells the browser; nothing when no rule of the bucket is for this origin and method. */
  headersFor(bucket: string, method: string, headers: IncomingHttpHeaders): Record<string, string> {
    const { origin } = headers
    const preflight = headers['access-control-request-method']
    const wanted = method === 'OPTIONS' ? preflight : method
    if (origin === undefined || wanted === undefined) return {}
    const allows = (list: readonly string[] = [], one: string) => list.includes('*') || list.includes(one)
    const rule = this.#rules.get(bucket)?.find((one) => allows(one.origin, origin) && allows(one.method, wanted))
    if (!rule) return {}
    const names = rule.responseHeader?.join(', ') ?? ''
    const both = { 'access-control-allow-origin': origin, vary: 'Origin' }
    if (method !== 'OPTIONS') return { ...both, 'access-control-expose-headers': names }
    return {
      ...both,
      'access-control-allow-methods': rule.method?.join(', ') ?? '',
      'access-control-allow-headers': names,
      'access-control-max-age': String(rule.maxAgeSeconds ?? 3_600),
    }
  }
}
