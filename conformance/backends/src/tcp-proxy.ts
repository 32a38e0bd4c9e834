import { EventEmitter, once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server on which things get lost: its connections stay open, and nothing comes through any more. */
export interface TcpProxy {
  readonly port: number
  /**
   * From now on these are lost, and so is what follows them on the same connection, which is never whole again. None:
   * nothing is lost on new connections.
   */
  lose(...ways: Way[]): void
  /** Resolves when something is lost next. */
  nextLoss(): Promise<void>
  /** Cuts all connections, as a crash does. */
  cut(): void
  /** Resolves when everybody has closed what they opened here. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** What clients send, and what the server answers. */
type Way = 'requests' | 'replies'

export async function startTcpProxy(target: URL): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const losses = new EventEmitter()
  let losing: readonly Way[] = []
  const pass = (way: Way, from: Socket, to: Socket): void => {
    let isLost = false
    from.on('data', (chunk) => {
      isLost ||= losing.includes(way)
      if (isLost) losses.emit('loss')
      else to.write(chunk)
    })
  }
  const server = createServer((inner) => {
    const outer = connect(Number(target.port), target.hostname)
    sockets.add(inner)
    inner
      .on('error', () => {})
      .on('close', () => {
        sockets.delete(inner)
        outer.destroy()
      })
    outer.on('error', () => {}).on('close', () => inner.destroy())
    pass('requests', inner, outer)
    pass('replies', outer, inner)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    lose: (...ways) => {
      losing = ways
    },
    nextLoss: async () => {
      await once(losses, 'loss')
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy()
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
