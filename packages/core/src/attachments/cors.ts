import { StorageError } from '../policy/errors.ts'
import { Refusal } from './refusal.ts'

/** Which pages of other origins may use a handler, in the words of browsers. */
export class Cors {
  readonly #origins: readonly string[]

  /** Anything but `*` and origins such as `https://app.example`: `configuration`. */
  constructor(origins: readonly string[] = []) {
    if (!Array.isArray(origins) || !origins.every(isOrigin)) {
      throw new StorageError('configuration', "option origins must list origins such as 'https://app.example', or '*'")
    }
    this.#origins = origins
  }

  /** Tells a page's browser whether the answer may be read. */
  allow(request: Request, response: Response): Response {
    const { headers } = response
    if (this.#origins.length > 0 && !this.#allowsAll) headers.append('vary', 'origin')
    const origin = this.#allowedOrigin(request)
    if (origin) headers.set('access-control-allow-origin', origin)
    if (origin) headers.set('access-control-expose-headers', 'content-disposition, content-range, etag')
    return response
  }

  /** The answer to the question that browsers ask before they upload. */
  preflight(request: Request): Response {
    if (!this.#allowedOrigin(request)) throw new Refusal(403, 'unauthorized', 'this origin is not allowed')
    return new Response(null, {
      status: 204,
      headers: {
        'access-control-allow-methods': 'GET, HEAD, PUT, POST',
        'access-control-allow-headers': 'content-type, if-none-match, if-range, range',
        'access-control-max-age': '600',
      },
    })
  }

  /**
   * Who may embed a download. Without origins, pages of the same site, whatever their port or subdomain: an app beside
   * its files. An `<img>` does not say where it is from, so with origins it is everybody who has the URL.
   */
  get resourcePolicy(): 'same-site' | 'cross-origin' {
    return this.#origins.length > 0 ? 'cross-origin' : 'same-site'
  }

  get #allowsAll(): boolean {
    return this.#origins.includes('*')
  }

  #allowedOrigin(request: Request): string | undefined {
    const origin = request.headers.get('origin')
    if (origin === null) return undefined
    if (this.#allowsAll) return '*'
    return this.#origins.includes(origin) ? origin : undefined
  }
}

function isOrigin(origin: unknown): boolean {
  if (origin === '*') return true
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin
}
