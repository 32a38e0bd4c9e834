import { randomBytes } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'

/** A client of one server, or of a cluster when the URL is several with commas between them. */
export function clientOf(url: string): Redis | Cluster {
  return url.includes(',') ? new Cluster(url.split(',')) : new Redis(url)
}

/** A prefix of one's own, so that a test shares a server with anybody. Others may begin with it. */
export function testPrefix(): string {
  return `test-${randomBytes(8).toString('hex')}`
}

/** Removes what a test wrote under its prefixes from a server that others use too. */
export async function removeKeys(client: Redis | Cluster, prefix: string): Promise<void> {
  for (const server of client instanceof Cluster ? client.nodes('master') : [client]) {
    for await (const keys of server.scanStream({ match: `${prefix}*`, count: 1000 })) {
      await Promise.all((keys as string[]).map((key) => server.unlink(key)))
    }
  }
}
