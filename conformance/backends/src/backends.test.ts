import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from './databases.ts'
import { describeOn } from './vitest.ts'

await describeOn('postgres', (postgres) => {
  test('answers a query', async () => {
    const client = await connected(postgres.url)
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  test.skipIf(postgres.origin === 'environment')('sorts by language unless told to sort by bytes', async () => {
    const client = await connected(postgres.url)
    const { rows } = await client.query(`select 'a' < 'B' as by_language, 'a' < 'B' collate "C" as by_bytes`)
    expect(rows).toEqual([{ by_language: true, by_bytes: false }])
    expect(postgres.notes).toEqual(['ICU en-US'])
  })

  test('gives each test file a database that others do not see', async () => {
    const [one, other] = await Promise.all([createDatabase(postgres.url), createDatabase(postgres.url)])
    onTestFinished(async () => void (await Promise.all([one.drop(), other.drop()])))
    const [here, there] = [await connected(one.url), await connected(other.url)]
    await here.query('create table mine (id int)')
    await expect(there.query('table mine')).rejects.toMatchObject({ code: '42P01' })
    expect((await here.query(`select 'a' < 'B' as same`)).rows).toEqual(
      (await (await connected(postgres.url)).query(`select 'a' < 'B' as same`)).rows,
    )
  })

  test('drops a database that is still in use, and one that is gone', async () => {
    const database = await createDatabase(postgres.url)
    await connected(database.url)
    await database.drop()
    await database.drop()
    await expect(connected(database.url)).rejects.toMatchObject({ code: '3D000' })
  })
})

await describeOn('pgbouncer', (pgbouncer) => {
  test('gives a connection another server connection for each transaction', async () => {
    const database = await createDatabase(pgbouncer.url)
    onTestFinished(() => database.drop())
    const [one, other] = [await connected(database.url), await connected(database.url)]
    const first = await serverProcess(one)
    await other.query('begin')
    expect(await serverProcess(other)).toBe(first)
    expect(await serverProcess(one)).not.toBe(first)
    await other.query('commit')
  })
})

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // A database that is dropped ends its connections.
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function serverProcess(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}
