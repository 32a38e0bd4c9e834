import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startIdleService } from './docker.ts'
import { Absent } from './first-that-answers.ts'
import { onPath } from './on-path.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** A mongod of one test, on a port known beforehand. */
export interface Mongod extends Omit<ServerProcess, 'stop'> {
  /** Ends it; its files go. Safe twice. */
  stop(): Promise<void>
}

/** Runs it in a container, under the same port as here. Rejects with `Absent` when there is no container engine. */
export async function mongodInContainer(port: number, options: readonly string[]): Promise<Mongod> {
  const container = await startIdleService('mongodb', [port])
  const signal = (name: string) => container.run('kill -s "$1" "$(cat /tmp/mongod.pid)"', name)
  const start = () => container.run(startScript, `${port}`, ...options)
  try {
    await start()
  } catch (error) {
    await container.stop()
    throw error
  }
  return {
    start,
    kill: async () => {
      await signal('KILL')
      await container.run(`${isRunning}\nwhile is_running; do :; done`)
    },
    pause: () => signal('STOP'),
    resume: () => signal('CONT'),
    stop: container.stop,
  }
}

/** Whose parent is gone stays as a zombie when it ends. */
const isRunning = `is_running() { grep -q '^State:.[^Z]' "/proc/$(cat /tmp/mongod.pid)/status"; }`

/** $1 is the port, options follow. What mongod complains of is in the log. */
const startScript = `
${isRunning}
port=$1
shift
mkdir -p /tmp/mongod && : >/tmp/mongod.log
mongod --dbpath /tmp/mongod --bind_ip_all --port "$port" "$@" >/tmp/mongod.log 2>&1 &
echo $! >/tmp/mongod.pid
end=$(($(date +%s) + 60))
until grep -q 'Waiting for connections' /tmp/mongod.log; do
  if ! is_running || [ "$(date +%s)" -gt "$end" ]; then tail -n 3 /tmp/mongod.log; exit 1; fi
  sleep 0.05
done`

/** Runs it on this machine. Rejects with `Absent` where there is none on PATH. */
export async function mongodOnPath(port: number, options: readonly string[]): Promise<Mongod> {
  const command = await onPath('mongod')
  if (!command) throw new Absent('no mongod on PATH')
  return run(command, port, options)
}

/** Runs one that npm's mongodb-memory-server has downloaded, or can. Rejects with `Absent` where it cannot. */
export async function mongodFromNpm(port: number, options: readonly string[]): Promise<Mongod> {
  return run(await downloaded(), port, options)
}

async function run(command: string, port: number, options: readonly string[]): Promise<Mongod> {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-mongod-'))
  const args = ['--dbpath', folder, '--bind_ip', '127.0.0.1', '--port', `${port}`, '--nounixsocket', ...options]
  return startServerProcess({ command, args, folder, user: {}, endWith: 'SIGKILL' }, 'Waiting for connections')
}

async function downloaded(): Promise<string> {
  const { DryMongoBinary, MongoBinary } = await import('mongodb-memory-server-core')
  const known = await DryMongoBinary.locateBinary(DryMongoBinary.getEnsuredOptions())
  if (known) return known
  await fetch('https://fastdl.mongodb.org/', { method: 'HEAD', signal: AbortSignal.timeout(3_000) }).catch((cause) => {
    throw new Absent('no mongod can be downloaded, fastdl.mongodb.org does not answer', { cause })
  })
  console.info('downloading mongod, which is done once')
  const late = new AbortController()
  const tooLate = setTimeout(180_000, undefined, late).then(() =>
    Promise.reject(new Error('the download takes too long')),
  )
  return Promise.race([MongoBinary.getPath(), tooLate]).finally(() => late.abort())
}
