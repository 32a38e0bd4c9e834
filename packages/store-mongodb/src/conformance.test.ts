import type { BackendInfo } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { BackendFacts, StoreTarget } from '@threadkeep/conformance'
import { testStore } from '@threadkeep/conformance/vitest'
import { MongoClient } from 'mongodb'
import adapter from '../package.json' with { type: 'json' }
import { dropDatabase, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const otherProcess = new URL('../test/other-process.ts', import.meta.url)

await describeOn('mongodb', (mongodb) => testStore('mongodb', target(mongodb)))

/** All instances share a client, which survives their close, and a database of their own. */
function target(server: BackendInfo): StoreTarget {
  const place = { url: server.url, database: testDatabase() }
  const client = new MongoClient(place.url)
  const ready = new MongoDBStore({ scope: () => 'nobody', client, database: place.database }).setup()
  return {
    adapter,
    backend: factsOf(server),
    open: async (options) => {
      await ready
      return new MongoDBStore({ ...options, client, database: place.database })
    },
    otherProcess: async () => ({ module: otherProcess, argument: JSON.stringify(place) }),
    close: async () => {
      await client.close()
      await dropDatabase(place)
    },
  }
}

function factsOf({ version, origin, notes }: BackendInfo): BackendFacts {
  const [name = '', number = ''] = version.split(' ')
  return { name, version: [number, ...notes].join(', '), origin }
}
