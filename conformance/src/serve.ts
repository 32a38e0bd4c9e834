import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

export interface Served {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string
  /** Ends the server with all its connections. */
  close(): Promise<void>
}

/**
 * Puts a fetch-style handler on a free port of this machine. Bodies stream both ways; a client that goes away aborts
 * `request.signal` and cancels the response's body; a handler that fails is answered for with 500.
 */
export async function serve(handler: (request: Request) => Promise<Response> | Response): Promise<Served> {
  const server = createServer((request, response) => {
    void answer(handler, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  handler: (request: Request) => Promise<Response> | Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort()
  })
  const request = toRequest(incoming, gone.signal)
  try {
    await send(await handler(request), incoming.method, outgoing)
  } catch {
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(500).end()
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', rawHeaders, headers } = incoming
  const fields = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) fields.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const target = new URL(url, `http://${headers.host}`)
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, headers: fields, signal })
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
  return new Request(target, { method, headers: fields, signal, body, duplex: 'half' })
}

async function send(response: Response, method: string | undefined, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat())
  if (response.body === null || method === 'HEAD' || [204, 304].includes(response.status)) {
    outgoing.end()
    await response.body?.cancel()
    return
  }
  await pipeline(Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>), outgoing)
}
