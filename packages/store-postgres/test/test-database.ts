import { randomBytes } from 'node:crypto'
import { createDatabase, type Database } from '@threadkeep/backends'
import { Client } from 'pg'

/** An empty database, and a connection of the superuser that no store uses. */
export interface TestDatabase extends Database {
  readonly admin: Client
}

export async function openDatabase(serverUrl: string): Promise<TestDatabase> {
  const database = await createDatabase(serverUrl)
  const admin = await connected(database.url)
  const drop = async () => {
    await admin.end()
    await database.drop()
  }
  return { url: database.url, admin, drop }
}

export async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

/** Gives the URL of a new role that may log in to the database and nothing else. */
export async function createRole({ url, admin }: TestDatabase): Promise<{ name: string; url: string }> {
  const name = `threadkeep_test_${randomBytes(8).toString('hex')}`
  await admin.query(`create role ${name} login password '${name}'`)
  return { name, url: Object.assign(new URL(url), { username: name, password: name }).href }
}

export async function dropRole({ admin }: TestDatabase, role: string): Promise<void> {
  await admin.query(`drop owned by ${role}`)
  await admin.query(`drop role ${role}`)
}

/** The grants that a store needs after `setup()`, as the README tells. */
export async function grantUse({ admin }: TestDatabase, role: string, schema = 'threadkeep'): Promise<void> {
  await admin.query(`grant usage on schema ${schema} to ${role}`)
  await admin.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`)
}
