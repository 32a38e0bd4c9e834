import type { BackendInfo } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import type { BackendFacts, StoreTarget } from '@threadkeep/conformance'
import { testStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { clientOf, removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'

const otherProcess = new URL('../test/other-process.ts', import.meta.url)

await describeOn('redis', (redis) =>
  testStore(
    'redis',
    target(redis, ({ url }) => ({ url })),
  ),
)
await describeOn('redisCluster', (cluster) =>
  testStore(
    'redis cluster',
    target(cluster, (_, client) => ({ client })),
  ),
)

function target(
  server: BackendInfo,
  source: (
    server: BackendInfo,
    client: ReturnType<typeof clientOf>,
  ) => Partial<ConstructorParameters<typeof RedisStore>[0]>,
): StoreTarget {
  const client = clientOf(server.url)
  const prefix = testPrefix()
  return {
    adapter,
    backend: factsOf(server),
    open: async (options) => new RedisStore({ ...options, ...source(server, client), prefix }),
    otherProcess: async () => ({ module: otherProcess, argument: JSON.stringify({ url: server.url, prefix }) }),
    close: async () => {
      await removeKeys(client, prefix)
      client.disconnect()
    },
  }
}

function factsOf({ version, origin, notes }: BackendInfo): BackendFacts {
  const [name = '', number = ''] = version.split(' ')
  return { name, version: [number, ...notes].join(', '), origin }
}
