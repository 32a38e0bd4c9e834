import type { Backend } from './backend.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePorts } from './free-port.ts'
import { inMemory } from './redis.ts'
import { localRedis, redisVersion, withRedis } from './redis-client.ts'
import { type RedisHost, redisWays } from './redis-host.ts'
import { until } from './until.ts'

const slots = 16_384

/**
 * A Redis Cluster for tests: the one `THREADKEEP_TEST_REDIS_CLUSTER_URL` names, else one of three masters, in a container
 * or of `redis-server` of this machine. Its `url` is one or more URLs of nodes, with commas between them. Rejects with
 * `BackendUnavailable` when there is none.
 */
export async function startRedisCluster(): Promise<Backend> {
  // Nodes talk to each other on a port that lies 10,000 above the one for clients.
  const ports = await freePorts(3, 10_000)
  return firstThatAnswers('redisCluster', [
    ['environment', () => fromEnvironment()],
    ...redisWays(ports, (host) => threeMasters(host, ports)),
  ])
}

async function fromEnvironment(): Promise<Omit<Backend, 'origin'>> {
  return { ...(await identified(environmentUrl('THREADKEEP_TEST_REDIS_CLUSTER_URL'))), stop: async () => {} }
}

async function threeMasters(host: RedisHost, ports: readonly number[]): Promise<Omit<Backend, 'origin' | 'stop'>> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', ...inMemory]
  await Promise.all(ports.map((port) => host.run(port, settings)))
  const urls = ports.map(localRedis)
  await Promise.all(urls.map((url, index) => giveSlots(url, index, ports.length)))
  await introduce(urls, ports)
  await Promise.all(urls.map((url) => until(`${url} sees the whole cluster`, () => isComplete(url, ports.length))))
  return identified(urls.join())
}

/** Each node gets an equal part, and an epoch of its own, so that the nodes agree at once on whose slots are whose. */
async function giveSlots(url: string, index: number, nodes: number): Promise<void> {
  const first = Math.ceil((slots * index) / nodes)
  const end = Math.ceil((slots * (index + 1)) / nodes)
  // In a range it would be one argument, since Redis 7.
  const own = Array.from({ length: end - first }, (_, offset) => first + offset)
  await withRedis(url, async (client) => {
    await client.cluster('ADDSLOTS', ...own)
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
  })
}

async function introduce([first = '']: readonly string[], [, ...others]: readonly number[]): Promise<void> {
  await withRedis(first, async (client) => {
    for (const port of others) await client.cluster('MEET', '127.0.0.1', port)
  })
}

async function isComplete(url: string, nodes: number): Promise<boolean> {
  const info = await withRedis(url, (client) => client.cluster('INFO'))
  const wanted = ['cluster_state:ok', `cluster_slots_ok:${slots}`, `cluster_size:${nodes}`]
  return wanted.every((line) => String(info).includes(`${line}\r\n`))
}

async function identified(url: string): Promise<Omit<Backend, 'origin' | 'stop'>> {
  const [first = ''] = url.split(',')
  const info = await withRedis(first, (client) => client.cluster('INFO'))
  const [, masters] = /^cluster_size:(\d+)/m.exec(String(info)) ?? []
  return { url, version: await redisVersion(first), notes: [`cluster of ${masters}`] }
}
