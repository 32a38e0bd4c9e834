import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { createApp } from './app.ts'
import { type Backends, openBackends } from './backends.ts'
import type { Config } from './config.ts'
import { lockData } from './data-lock.ts'

export interface RunningServer {
  /** Where browsers reach it. */
  readonly url: string
  /** Ends what is under way, then closes the backends. */
  close(): Promise<void>
}

const sweepEveryMs = 10 * 60 * 1000

/** Starts the chat server; resolves when it answers. */
export async function startServer(config: Config): Promise<RunningServer> {
  const unlock = await lockData(config.dataDir)
  let handle = async (_request: Request): Promise<Response> => new Response('starting', { status: 503 })
  const server = createAdaptorServer({ fetch: (request) => handle(request) })
  try {
    const address = await listen(server, config)
    const url = config.publicUrl ?? address
    const backends = await openBackends(config, `${url}/signed`)
    const app = createApp(backends)
    handle = async (request) => app.fetch(request)
    const sweeping = sweepRegularly(backends)
    return {
      url,
      close: async () => {
        clearInterval(sweeping)
        await stop(server)
        await backends.close()
        await unlock()
      },
    }
  } catch (error) {
    await stop(server)
    await unlock()
    throw error
  }
}

/** Listens, and gives the address back. */
async function listen(server: ServerType, { port, host }: Config): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening').catch((error: Error) => {
    throw new Error(`cannot listen on ${host}:${port} (${error.message}): set PORT to a free one`, { cause: error })
  })
  const { port: chosen } = server.address() as AddressInfo
  return `http://${host === '127.0.0.1' ? 'localhost' : host}:${chosen}`
}

async function stop(server: ServerType): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await closed
}

/** Removes what uploads left behind; a fault is told, and the next time tries again. */
function sweepRegularly({ storage }: Backends): NodeJS.Timeout {
  const sweep = () => {
    storage.uploads.sweep().catch((error: unknown) => console.error('sweeping failed:', error))
  }
  sweep()
  return setInterval(sweep, sweepEveryMs).unref()
}
