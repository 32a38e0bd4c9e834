import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can fall silent: its connections stay open, and nothing comes back any more. */
export interface TcpProxy {
  readonly port: number
  /** From now on new connections are accepted too, and get no answer; `false` lets new ones through again. */
  silence(silent: boolean): void
  /** Resolves when everybody has closed what they opened here. */
  empty(): Promise<void>
  close(): Promise<void>
}

export async function startTcpProxy(target: URL): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let silent = false
  const server = createServer((inner) => {
    sockets.add(inner)
    inner.on('error', () => {}).on('close', () => sockets.delete(inner))
    inner.resume()
    if (silent) return
    const outer = connect(Number(target.port), target.hostname)
    outer.on('error', () => {}).on('close', () => inner.destroy())
    inner.on('data', (chunk) => silent || outer.write(chunk)).on('close', () => outer.destroy())
    outer.on('data', (chunk) => silent || inner.write(chunk))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    silence: (now) => {
      silent = now
    },
    empty: async () => {
      for (const socket of sockets) await once(socket, 'close')
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
