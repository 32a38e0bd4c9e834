import { PGlite } from '@electric-sql/pglite'
import { type BackendInfo, createDatabase } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { BackendFacts, StoreTarget } from '@threadkeep/conformance'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { MongoDBStore } from '@threadkeep/store-mongodb'
import { PostgresStore, type PostgresStoreOptions } from '@threadkeep/store-postgres'
import { RedisStore } from '@threadkeep/store-redis'
import core from '../../../packages/core/package.json' with { type: 'json' }
import mongodb from '../../../packages/store-mongodb/package.json' with { type: 'json' }
import { dropDatabase, testDatabase } from '../../../packages/store-mongodb/test/test-database.ts'
import postgres from '../../../packages/store-postgres/package.json' with { type: 'json' }
import redis from '../../../packages/store-redis/package.json' with { type: 'json' }
import { clientOf, removeKeys, testPrefix } from '../../../packages/store-redis/test/redis-client.ts'
import type { WithTarget } from './with-target.ts'

/** Every store. */
export const stores: Readonly<Record<string, WithTarget<StoreTarget>>> = {
  memory: (use) => use(inMemory()),
  PGlite: (use) => use(onPGlite()),
  postgres: (use) => describeOn('postgres', (server) => use(onPostgres(server))),
  redis: (use) => describeOn('redis', (server) => use(onRedis(server))),
  mongodb: (use) => describeOn('mongodb', (server) => use(onMongoDB(server))),
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

function onPostgres(server: BackendInfo): StoreTarget {
  const database = createDatabase(server.url)
  return {
    adapter: postgres,
    backend: factsOf(server),
    open: async (options) => setUp({ ...options, url: (await database).url }),
    close: async () => (await database).drop(),
  }
}

function onRedis(server: BackendInfo): StoreTarget {
  const [client, prefix] = [clientOf(server.url), testPrefix()]
  return {
    adapter: redis,
    backend: factsOf(server),
    open: async (options) => new RedisStore({ ...options, client, prefix }),
    close: async () => {
      await removeKeys(client, prefix)
      client.disconnect()
    },
  }
}

function onMongoDB(server: BackendInfo): StoreTarget {
  const place = { url: server.url, database: testDatabase() }
  const ready = new MongoDBStore({ scope: () => 'nobody', ...place })
  const setUp = ready.setup()
  return {
    adapter: mongodb,
    backend: factsOf(server),
    open: async (options) => {
      await setUp
      return new MongoDBStore({ ...options, ...place })
    },
    close: async () => {
      await ready.close()
      await dropDatabase(place)
    },
  }
}

function factsOf({ version, origin, notes }: BackendInfo): BackendFacts {
  const [name = '', number = ''] = version.split(' ')
  return { name, version: [number, ...notes].join(', '), origin }
}

async function setUp<TContext>(options: PostgresStoreOptions<TContext>): Promise<PostgresStore<TContext>> {
  const store = new PostgresStore(options)
  await store.setup()
  return store
}
