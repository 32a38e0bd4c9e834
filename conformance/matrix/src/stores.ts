import { PGlite } from '@electric-sql/pglite'
import { type BackendInfo, createDatabase } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { StoreTarget } from '@threadkeep/conformance'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { PostgresStore, type PostgresStoreOptions } from '@threadkeep/store-postgres'
import core from '../../../packages/core/package.json' with { type: 'json' }
import postgres from '../../../packages/store-postgres/package.json' with { type: 'json' }
import type { WithTarget } from './with-target.ts'

/** Every store. */
export const stores: Readonly<Record<string, WithTarget<StoreTarget>>> = {
  memory: (use) => use(inMemory()),
  PGlite: (use) => use(onPGlite()),
  postgres: (use) => describeOn('postgres', (server) => use(onPostgres(server))),
}

function inMemory(): StoreTarget {
  const driver = new MemoryStoreDriver()
  return {
    adapter: core,
    backend: { name: 'memory', version: process.version, origin: 'this process' },
    open: async (options) => new MemoryStore({ ...options, driver }),
  }
}

function onPGlite(): StoreTarget {
  const client = new PGlite()
  return {
    adapter: postgres,
    backend: async () => {
      const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version")
      return { name: 'PGlite', version: `Postgres ${rows[0]?.version}`, origin: 'npm' }
    },
    open: (options) => setUp({ ...options, client }),
    close: () => client.close(),
  }
}

function onPostgres({ url, version, origin, notes }: BackendInfo): StoreTarget {
  const database = createDatabase(url)
  const [name = '', number = ''] = version.split(' ')
  return {
    adapter: postgres,
    backend: { name, version: [number, ...notes].join(', '), origin },
    open: async (options) => setUp({ ...options, url: (await database).url }),
    close: async () => (await database).drop(),
  }
}

async function setUp<TContext>(options: PostgresStoreOptions<TContext>): Promise<PostgresStore<TContext>> {
  const store = new PostgresStore(options)
  await store.setup()
  return store
}
