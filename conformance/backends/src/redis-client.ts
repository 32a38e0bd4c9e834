import { Redis } from 'ioredis'

/** The URL of a server on this machine. */
export function localRedis(port: number): string {
  return `redis://127.0.0.1:${port}`
}

/** A connection for the length of one action. It is not opened again when it is lost, and no answer takes over 5 s. */
export async function withRedis<T>(url: string, action: (client: Redis) => Promise<T>): Promise<T> {
  const limits = { connectTimeout: 5_000, commandTimeout: 5_000, retryStrategy: null }
  const client = new Redis(url, { ...limits, lazyConnect: true })
  let failure: unknown
  client.on('error', (error) => {
    failure = error
  })
  try {
    await client.connect()
    return await action(client)
  } catch (error) {
    throw failure ?? error
  } finally {
    client.disconnect()
  }
}

/** What the server says it is: `redis 7.0.15`, `valkey 8.1.1`. */
export async function redisVersion(url: string): Promise<string> {
  const info = await withRedis(url, (client) => client.info('server'))
  const [, name, version] = /^(valkey)_version:(\S+)/m.exec(info) ?? /^(redis)_version:(\S+)/m.exec(info) ?? []
  if (!name || !version) throw new Error('the server does not know its own version')
  return `${name} ${version}`
}
