import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** A database of one test file. */
export interface Database {
  readonly url: string
  /** Removes the database, and with it the connections that are still open. Safe twice. */
  drop(): Promise<void>
}

/** Creates an empty database with a random name and the server's collation. */
export async function createDatabase(serverUrl: string): Promise<Database> {
  const name = `threadkeep_test_${randomBytes(8).toString('hex')}`
  await execute(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = name
  return { url: url.href, drop: () => execute(serverUrl, `drop database if exists ${name} with (force)`) }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 30_000 })
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}
