import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProcessUser } from './unprivileged-user.ts'

/** A server program, run in a folder of its own. */
export interface ServerProgram {
  readonly command: string
  readonly args: readonly string[]
  /** Working directory; removed with everything in it when the server has ended. */
  readonly folder: string
  readonly user: ProcessUser
  /** What asks the server to end at once. */
  readonly endWith: 'SIGINT' | 'SIGTERM' | 'SIGKILL'
}

/** A running server. It also ends, and its folder goes, when this process dies, however it dies. */
export interface ServerProcess {
  /** Ends the server and removes its folder. Safe twice. */
  stop(): Promise<void>
  /** Ends the server as a crash does, without a word to anybody; its folder stays. */
  kill(): Promise<void>
  /** Starts the server again after `kill`, in the same folder, and waits until it is ready. */
  start(): Promise<void>
  /** Holds the server still: its connections stay open and nothing is answered. */
  pause(): Promise<void>
  resume(): Promise<void>
}

/** What the keeper of a server can be asked for. */
export type KeeperRequest = 'start' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'

/**
 * Starts a server and waits until it prints `ready`. Rejects with the end of what was printed when it ends early, or is
 * not ready within a minute.
 */
export async function startServerProcess(program: ServerProgram, ready: string): Promise<ServerProcess> {
  const keeper = fork(
    fileURLToPath(new URL('./server-keeper.ts', import.meta.url)),
    [JSON.stringify(program)],
    // Of its own process group, so that Ctrl+C reaches it only through this process.
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  const ended = once(keeper, 'exit')
  await printed(keeper, ready)
  const signal = async (request: KeeperRequest): Promise<void> => {
    const answer = once(keeper, 'message')
    keeper.send(request)
    const [isDone] = await Promise.race([answer, ended])
    if (isDone !== true) throw new Error(`the server has ended, and takes no ${request}`)
  }
  return {
    stop: async () => {
      if (keeper.connected) keeper.disconnect()
      await ended
    },
    kill: () => signal('SIGKILL'),
    start: () => {
      keeper.send('start' satisfies KeeperRequest)
      return printed(keeper, ready)
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  }
}

function printed(keeper: ChildProcess, ready: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let output = ''
  const fail = (what: string) => reject(new Error(`${what}: ${output.trim().split('\n').slice(-3).join(' | ')}`))
  for (const stream of [keeper.stdout, keeper.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000)
      if (output.includes(ready)) resolve()
    })
  keeper.on('error', reject).on('close', () => fail('ended early'))
  const timer = setTimeout(() => {
    fail(`did not print "${ready}" within a minute`)
    if (keeper.connected) keeper.disconnect()
  }, 60_000)
  return promise.finally(() => clearTimeout(timer))
}
