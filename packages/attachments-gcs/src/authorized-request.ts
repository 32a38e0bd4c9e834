import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ApiError, type Storage } from '@google-cloud/storage'

interface AuthorizedRequest {
  readonly method: 'GET' | 'POST'
  /** Behind the endpoint of the client. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Readable
  readonly signal: AbortSignal | null
}

/**
 * Sends a request with the credentials of a client, once; rejects with the SDK's `ApiError` unless the answer is a 2xx.
 *
 * For bytes, instead of the SDK's own streams: when one of those is destroyed, a read ends the connections of all others
 * in this process, and a write goes on waiting for the rest of its body.
 */
export async function send(client: Storage, request: AuthorizedRequest): Promise<IncomingMessage> {
  const url = new URL(`${client.apiEndpoint}${request.path}?${new URLSearchParams(request.query)}`)
  const headers = { ...(await authorization(client, url)), ...request.headers }
  const { method, body, signal } = request
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  const sent = open(url, { method, headers, ...(signal && { signal }) })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  if (body)
    pipeline(body, sent).catch(() => {}) // `answered` rejects too, unless the answer came before the end
  else sent.end()
  const [answer] = await answered
  const { statusCode = 0 } = answer
  if (statusCode >= 200 && statusCode < 300) return answer
  throw await refusal(statusCode, answer)
}

function authorization(client: Storage, { href: uri }: URL): Promise<Record<string, string>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, string>>()
  client.makeAuthenticatedRequest(
    { uri },
    {
      onAuthenticated: (error, request) => {
        if (error) reject(error)
        else resolve(Object.fromEntries(new Headers(request?.headers)))
      },
    },
  )
  return promise
}

/** Nothing of the request goes with it, which has a token among its headers. */
async function refusal(code: number, answer: IncomingMessage): Promise<ApiError> {
  return Object.assign(new ApiError((await text(answer)) || `status ${code}`), { code })
}
