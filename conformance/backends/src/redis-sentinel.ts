import type { Redis } from 'ioredis'
import type { Backend } from './backend.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePorts } from './free-port.ts'
import { inMemory } from './redis.ts'
import { localRedis, redisVersion, withRedis } from './redis-client.ts'
import { type RedisHost, redisWays } from './redis-host.ts'
import { until } from './until.ts'

/** A master, a replica and three sentinels of one test. `url` is that of the first master. */
export interface RedisSentinel extends Backend {
  /** What the sentinels call the group; clients ask them for its master. */
  readonly name: string
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** Ends the first master as a crash does. */
  killMaster(): Promise<void>
  /** Waits until all sentinels know the replica as the new master, and it is one; gives its URL. */
  waitForNewMaster(): Promise<string>
}

const name = 'threadkeep'
/** A master waits five seconds for more replicas before it copies its data to the first, unless told not to. */
const settings = [...inMemory, '--replica-announce-ip', '127.0.0.1', '--repl-diskless-sync-delay', '0']

/**
 * Starts them in a container, else on this machine. The sentinels replace a master after half a second without an answer
 * when two of them agree. Rejects with `BackendUnavailable` when there is no Redis to be had.
 */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const [master = 0, replica = 0, ...sentinels] = await freePorts(5, 0)
  const ways = redisWays([master, replica, ...sentinels], async (host) => {
    const { kill } = await host.run(master, settings)
    await startReplica(host, replica, master)
    await Promise.all(sentinels.map((port) => startSentinel(host, port, master)))
    await Promise.all(sentinels.map((port) => until(`sentinel ${port} knows all others`, () => knowsAll(port))))
    return {
      url: localRedis(master),
      version: await redisVersion(localRedis(master)),
      notes: ['one replica', 'three sentinels'],
      name,
      sentinels: sentinels.map((port) => ({ host: '127.0.0.1', port })),
      killMaster: kill,
      waitForNewMaster: () => newMaster(sentinels, replica),
    }
  })
  return firstThatAnswers('redisSentinel', ways)
}

async function startReplica(host: RedisHost, port: number, master: number): Promise<void> {
  await host.run(port, [...settings, '--replicaof', `127.0.0.1 ${master}`])
  // A sentinel that looks at the master before has to wait ten seconds for its next look.
  await until('the replica has what the master has', async () => {
    const info = await withRedis(localRedis(port), (client) => client.info('replication'))
    return info.includes('master_link_status:up')
  })
}

async function startSentinel(host: RedisHost, port: number, master: number): Promise<void> {
  await host.run(port, ['--sentinel'])
  await withRedis(localRedis(port), async (sentinel) => {
    await sentinel.call('SENTINEL', 'MONITOR', name, '127.0.0.1', master, 2)
    await sentinel.call('SENTINEL', 'SET', name, 'down-after-milliseconds', 500, 'failover-timeout', 3_000)
  })
}

async function knowsAll(port: number): Promise<boolean> {
  const facts = await masterFacts(port)
  return facts['num-slaves'] === '1' && facts['num-other-sentinels'] === '2' && facts.flags === 'master'
}

async function newMaster(sentinels: readonly number[], port: number): Promise<string> {
  for (const sentinel of sentinels)
    await until(
      `sentinel ${sentinel} knows the new master`,
      async () => (await masterFacts(sentinel)).port === `${port}`,
    )
  await until('the replica has become a master', async () => {
    const role = await withRedis(localRedis(port), (client: Redis) => client.role())
    return role[0] === 'master'
  })
  return localRedis(port)
}

/** What a sentinel says of the master. */
async function masterFacts(sentinel: number): Promise<Record<string, unknown>> {
  const reply = await withRedis(localRedis(sentinel), (client) => client.call('SENTINEL', 'MASTER', name))
  const words = Array.isArray(reply) ? reply : []
  return Object.fromEntries(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1]]] : [])))
}
