import type { Backend } from './backend.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { inMemory } from './redis.ts'
import { localRedis, redisVersion } from './redis-client.ts'
import { type RedisProcess, redisWays } from './redis-host.ts'

/** A standalone Redis of one test, which may be killed, started again on the same port, and held still. */
export interface OwnRedis extends Backend, RedisProcess {}

/**
 * Starts a Redis in a container, else on this machine. `settings` are lines of `redis.conf`, none by default: then
 * nothing is written to disk. Rejects with `BackendUnavailable` when there is none.
 */
export async function startOwnRedis(settings: Readonly<Record<string, string>> = {}): Promise<OwnRedis> {
  const port = await freePort()
  const lines = Object.entries(settings)
  const options = lines.flatMap(([name, value]) => [`--${name}`, value])
  const ways = redisWays([port], async (host) => {
    const { start, kill, pause, resume } = await host.run(port, [...inMemory, ...options])
    const url = localRedis(port)
    return {
      url,
      version: await redisVersion(url),
      notes: lines.map((line) => line.join(' ')),
      start,
      kill,
      pause,
      resume,
    }
  })
  return firstThatAnswers('redis', ways)
}
