import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from './backend.ts'
import { debianPackage } from './debian-package.ts'
import type { Way } from './first-that-answers.ts'
import { onPath } from './on-path.ts'
import { redisInContainer } from './redis-container.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** Where programs `redis-server` run. They reach one another, and are reached from here, as 127.0.0.1 and their port. */
export interface RedisHost {
  /** Starts one with an empty file of settings, and these lines of settings besides; waits until it answers. */
  run(port: number, settings: readonly string[]): Promise<RedisProcess>
  /** Ends all of them; their files go. Safe twice. */
  stop(): Promise<void>
}

export type RedisProcess = Omit<ServerProcess, 'stop'>

/**
 * The ways to servers that need ports known beforehand, or are killed: programs in one container, else programs on this
 * machine. When `start` fails, what it had started is ended.
 */
export function redisWays<T extends Omit<Backend, 'origin' | 'stop'>>(
  ports: readonly number[],
  start: (host: RedisHost) => Promise<T>,
): Way<T & Pick<Backend, 'stop'>>[] {
  const started = async (host: RedisHost) => {
    try {
      return { ...(await start(host)), stop: host.stop }
    } catch (error) {
      await host.stop()
      throw error
    }
  }
  return [
    ['docker', async () => started(await redisInContainer(ports))],
    ['path', async () => started(await redisOnPath())],
  ]
}

/** Root on Debian installs what is not on PATH. */
export async function redisOnPath(): Promise<RedisHost> {
  const command = (await onPath('redis-server')) ?? (await debianPackage('redis-server', 'redis-server'))
  const running: Promise<ServerProcess>[] = []
  const run = async (port: number, settings: readonly string[]): Promise<ServerProcess> => {
    const folder = await mkdtemp(join(tmpdir(), 'threadkeep-redis-'))
    await writeFile(join(folder, 'redis.conf'), '')
    const args = ['redis.conf', '--port', `${port}`, '--bind', '127.0.0.1', ...settings]
    const ready = settings.includes('--sentinel') ? 'Sentinel ID is' : 'Ready to accept connections'
    return startServerProcess({ command, args, folder, user: {}, endWith: 'SIGKILL' }, ready)
  }
  return {
    run: (port, settings) => {
      const starting = run(port, settings)
      running.push(starting)
      return starting
    },
    stop: async () => {
      const started = await Promise.allSettled(running)
      await Promise.all(started.map((result) => result.status === 'fulfilled' && result.value.stop()))
    },
  }
}
