import { startAzure } from './azure.ts'
import type { Backend } from './backend.ts'
import { startGcs } from './gcs.ts'
import { startMongoDB } from './mongodb.ts'
import { startPgBouncer } from './pgbouncer.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import { startRedisCluster } from './redis-cluster.ts'
import { startS3 } from './s3.ts'

/** Gives the server of that name that this run shares, starting it when nobody has asked for it yet. */
export type Shared = (name: BackendName) => Promise<Backend>

/** Every server that test files can ask for by name. */
export const starters = {
  postgres: startPostgres,
  pgbouncer: async (shared: Shared): Promise<Backend> => startPgBouncer((await shared('postgres')).url),
  redis: startRedis,
  redisCluster: startRedisCluster,
  mongodb: async (shared: Shared): Promise<Backend> => startMongoDB(() => shared('postgres')),
  s3: startS3,
  gcs: startGcs,
  azure: startAzure,
} as const

export type BackendName = keyof typeof starters
