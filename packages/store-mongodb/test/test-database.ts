import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'

/** Where a test keeps what it writes. */
export interface Place {
  readonly url: string
  readonly database: string
}

/** A database of one's own, so that a test shares a server with anybody. */
export function testDatabase(): string {
  return `threadkeep_test_${randomBytes(8).toString('hex')}`
}

export async function dropDatabase({ url, database }: Place): Promise<void> {
  const client = new MongoClient(url)
  try {
    await client.db(database).dropDatabase()
  } finally {
    await client.close()
  }
}

/** The same database by way of a proxy, and of no other server of its kind. */
export function throughProxy({ url, database }: Place, { port }: { readonly port: number }): Place {
  const there = Object.assign(new URL(url), { host: `127.0.0.1:${port}` })
  there.searchParams.set('directConnection', 'true')
  return { url: there.href, database }
}
