import type { Backend } from './backend.ts'
import { startDockerService } from './docker.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { localRedis, redisVersion } from './redis-client.ts'
import { redisOnPath } from './redis-host.ts'

type Running = Pick<Backend, 'url' | 'stop'>

/** Nothing is written to disk. */
export const inMemory: readonly string[] = ['--save', '', '--appendonly', 'no']

/**
 * A standalone Redis for tests: the one `THREADKEEP_TEST_REDIS_URL` names, else a container, else `redis-server` of this
 * machine, which root on Debian installs. Rejects with `BackendUnavailable` when there is none.
 */
export function startRedis(): Promise<Backend> {
  return firstThatAnswers('redis', [
    ['environment', async () => identified(fromEnvironment())],
    ['docker', async () => identified(await fromDocker())],
    ['path', async () => identified(await fromPath())],
  ])
}

function fromEnvironment(): Running {
  return { url: environmentUrl('THREADKEEP_TEST_REDIS_URL'), stop: async () => {} }
}

async function fromDocker(): Promise<Running> {
  const { host, port, stop } = await startDockerService('redis', 6379)
  return { url: `redis://${host}:${port}`, stop }
}

async function fromPath(): Promise<Running> {
  const [host, port] = [await redisOnPath(), await freePort()]
  await host.run(port, inMemory)
  return { url: localRedis(port), stop: host.stop }
}

/** What the server says about itself; a server that does not answer is stopped again. */
async function identified(running: Running): Promise<Omit<Backend, 'origin'>> {
  try {
    return { ...running, version: await redisVersion(running.url), notes: [] }
  } catch (error) {
    await running.stop()
    throw error
  }
}
