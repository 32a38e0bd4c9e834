import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port of the loopback address that nobody listens on now. */
export function freePort(): Promise<number> {
  return taken(0)
}

/** Different free ports, with another free one `apart` above each. */
export async function freePorts(count: number, apart: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = await freePort()
    const pair = [port, port + apart]
    if (found.some((other) => pair.includes(other) || pair.includes(other + apart))) continue
    if (await isFree(port + apart)) found.push(port)
  }
  return found
}

async function isFree(port: number): Promise<boolean> {
  try {
    return port < 65_536 && (await taken(port)) === port
  } catch {
    return false
  }
}

/** Takes a port, any with 0, and leaves it again. */
async function taken(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}
