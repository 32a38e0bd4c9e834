import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Backend, BackendInfo } from './backend.ts'
import { BackendUnavailable } from './backend-unavailable.ts'
import { type BackendName, starters } from './starters.ts'

/**
 * The servers of one run, shared by all its processes: each is started when it is first asked for, over HTTP on the
 * loopback address, and all are stopped together.
 */
export class SharedBackends {
  readonly #started = new Map<BackendName, Promise<Backend>>()
  /** Who asked for another server ran after it, whoever else had asked before. */
  readonly #running: Backend[] = []
  readonly #server: Server = createServer((request, response) => void this.#answer(request.url ?? '/', response))

  /** Gives the URL under which `askForBackend` finds the servers. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (!address || typeof address === 'string') throw new Error('a TCP server has a port')
    return `http://127.0.0.1:${address.port}/`
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await Promise.allSettled(this.#started.values())
    for (const backend of this.#running.toReversed()) await backend.stop()
  }

  readonly #shared = (name: BackendName): Promise<Backend> => {
    const known = this.#started.get(name)
    if (known !== undefined) return known
    const { promise, resolve } = Promise.withResolvers<Backend>()
    this.#started.set(name, promise)
    resolve(this.#run(name))
    return promise
  }

  async #run(name: BackendName): Promise<Backend> {
    const backend = await starters[name](this.#shared)
    this.#running.push(backend)
    return backend
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    try {
      const { url, version, origin, notes } = await this.#shared(toName(path))
      response.end(JSON.stringify({ url, version, origin, notes } satisfies BackendInfo))
    } catch (error) {
      const reasons = error instanceof BackendUnavailable ? error.reasons : [String(error)]
      response.writeHead(503).end(JSON.stringify(reasons))
    }
  }
}

/** Rejects with `BackendUnavailable` when there is none. */
export async function askForBackend(sharedUrl: string, name: BackendName): Promise<BackendInfo> {
  // `fetch` would give up after five minutes, which fetching an image or building a server may take. A connection that
  // was kept may be one that the other side is just closing.
  const [response]: IncomingMessage[] = await once(get(new URL(name, sharedUrl), { agent: false }), 'response')
  if (!response) throw new Error('a response has come')
  const answer = await json(response)
  if (response.statusCode !== 200) throw new BackendUnavailable(name, answer as string[])
  return answer as BackendInfo
}

function toName(path: string): BackendName {
  const name = path.slice(1)
  if (!Object.hasOwn(starters, name)) throw new Error(`no backend is called ${name}`)
  return name as BackendName
}
