import { randomBytes } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { RequestFault } from './request-fault.ts'

/** Who asks. The scope is the tenant: nobody sees another's threads and files. */
export interface User {
  readonly scope: string
}

export type AppEnv = { Variables: { user: User } }

const cookie = 'threadkeep_anonymous'

/**
 * The demo's stand-in for authentication: it believes the header `x-user-id`. Without it a request has an anonymous
 * identity, an unguessable cookie of its own. A real server verifies a session here.
 */
export const identify: MiddlewareHandler<AppEnv> = async (context, next) => {
  const name = context.req.header('x-user-id')
  if (name !== undefined) {
    context.set('user', { scope: `user:${checkName(name)}` })
    return next()
  }
  const known = getCookie(context, cookie)
  const id = known && /^[0-9a-f]{32}$/.test(known) ? known : randomBytes(16).toString('hex')
  context.set('user', { scope: `anonymous:${id}` })
  await next()
  if (id !== known) setCookie(context, cookie, id, { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 31_536_000 })
}

function checkName(name: string): string {
  const trimmed = name.trim()
  if (trimmed !== '' && Buffer.byteLength(trimmed) <= 200) return trimmed
  throw new RequestFault(400, 'invalid_argument', 'x-user-id must have 1 to 200 bytes')
}
