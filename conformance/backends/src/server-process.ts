import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
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
  readonly endWith: 'SIGINT' | 'SIGTERM'
}

type Keeper = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * Starts a server and waits until it prints `ready`; gives what stops it. The server also ends, and its folder goes,
 * when this process dies, however it dies. Rejects with the end of what was printed when the server ends early.
 */
export async function startServerProcess(program: ServerProgram, ready: string): Promise<() => Promise<void>> {
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL('./server-keeper.ts', import.meta.url)), JSON.stringify(program)],
    // Of its own process group, so that Ctrl+C reaches it only through this process.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  const ended = once(keeper, 'close')
  await printed(keeper, ready)
  return async () => {
    keeper.stdin.end()
    await ended
  }
}

function printed(keeper: Keeper, ready: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let output = ''
  for (const stream of [keeper.stdout, keeper.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000)
      if (output.includes(ready)) resolve()
    })
  keeper.on('error', reject)
  keeper.on('close', () => reject(new Error(`ended early: ${output.trim().split('\n').slice(-3).join(' | ')}`)))
  return promise
}
