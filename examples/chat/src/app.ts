import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { attachmentsHandler, filesHandler } from '@threadkeep/storage/http'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { Backends } from './backends.ts'
import { ChatServer } from './chat-server.ts'
import { answer } from './chatkit-route.ts'
import { type AppEnv, identify } from './identity.ts'
import { faultResponse, RequestFault, toFault } from './request-fault.ts'

const maxRequestBytes = 16 * 1024 * 1024
const page = fileURLToPath(new URL('../page/dist', import.meta.url))

/** The routes: the protocol, the life of uploads, the files themselves, the page. */
export function createApp({ storage, files, signedFiles }: Backends): Hono<AppEnv> {
  const server = new ChatServer(storage.store, storage.attachments, files, sdkLogger)
  const app = new Hono<AppEnv>()
  const limit = bodyLimit({
    maxSize: maxRequestBytes,
    onError: () =>
      faultResponse(new RequestFault(413, 'too_large', `the body must have at most ${maxRequestBytes} bytes`)),
  })

  app.get('/healthz', async () => {
    await Promise.all([storage.store.ping(), storage.attachments.ping()])
    return Response.json({ status: 'ok' })
  })
  app.post('/chatkit', limit, identify, async (c) => answer(server, storage.store, await c.req.text(), c.get('user')))
  app.post('/attachments', limit, identify, (c) =>
    attachmentsHandler(storage, { context: () => c.get('user') })(c.req.raw),
  )
  app.get('/files/:id', identify, (c) => filesHandler(storage, { context: () => c.get('user') })(c.req.raw))
  if (signedFiles) app.all('/signed/*', (c) => signedFiles(c.req.raw))
  app.get('/', identify) // before its requests, of which each would get an identity of its own
  app.use('/*', pageHeaders, serveStatic({ root: page }))

  app.notFound(() => faultResponse(new RequestFault(404, 'not_found', 'there is nothing at this address')))
  app.onError((error) => {
    const fault = toFault(error)
    if (fault.status >= 500) console.error(error)
    return faultResponse(fault)
  })
  return app
}

/** Scripts and styles of its own only; uploads and previews may be at another address, as those of buckets are. */
const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'blob:', 'data:', 'http:', 'https:'],
    connectSrc: ["'self'", 'http:', 'https:'],
    frameAncestors: ["'none'"],
  },
})

/** Of the SDK's own messages only faults of the server are worth a line. */
const sdkLogger = {
  info: () => {},
  debug: () => {},
  warn: (message: string) => console.warn(message),
  error: (message: string, extra?: Record<string, unknown>) => {
    if (toFault(extra?.error).status >= 500) console.error(message, extra?.error)
  },
}
