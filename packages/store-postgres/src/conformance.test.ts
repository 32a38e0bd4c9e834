import { PGlite } from '@electric-sql/pglite'
import { type BackendInfo, createDatabase } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { BackendFacts, StoreTarget } from '@threadkeep/conformance'
import { testStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { PostgresStore } from './index.ts'

const otherProcess = new URL('../test/other-process.ts', import.meta.url)

await describeOn('postgres', (postgres) => testStore('postgres', byUrl(postgres)))
await describeOn('pgbouncer', (pgbouncer) => testStore('postgres behind a pooler', byUrl(pgbouncer)))
testStore('PGlite', byPGlite(new PGlite()))

/** Every instance has a pool of its own, in one database. */
function byUrl(server: BackendInfo): StoreTarget {
  const database = createDatabase(server.url)
  return {
    adapter,
    backend: factsOf(server),
    open: async (options) => ready(new PostgresStore({ ...options, url: (await database).url })),
    otherProcess: async () => ({ module: otherProcess, argument: (await database).url }),
    close: async () => (await database).drop(),
  }
}

/** All instances share the client, which survives their close. */
function byPGlite(client: PGlite): StoreTarget {
  return {
    adapter,
    backend: async () => ({ name: 'PGlite', version: await versionOf(client), origin: 'npm' }),
    open: async (options) => ready(new PostgresStore({ ...options, client })),
    close: () => client.close(),
  }
}

function factsOf({ version, origin, notes }: BackendInfo): BackendFacts {
  const [name = '', number = ''] = version.split(' ')
  return { name, version: [number, ...notes].join(', '), origin }
}

async function versionOf(client: PGlite): Promise<string> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version")
  return `Postgres ${rows[0]?.version}`
}

async function ready<T extends PostgresStore<never>>(store: T): Promise<T> {
  await store.setup()
  return store
}
