/**
 * Runs one server as a child of its own and ends it when the channel to the starting process closes, which the death of
 * that process does too: only a process that outlives that one can clean up after it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import type { KeeperRequest, ServerProgram } from './server-process.ts'

const { command, args, folder, user, endWith }: ServerProgram = JSON.parse(process.argv[2] ?? '')
let server = run()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
process.on('disconnect', end).on('message', (request: KeeperRequest) => {
  if (request === 'start') server = run()
  else if (request === 'SIGKILL') crash()
  else done(server.kill(request))
})

function run(): ChildProcess {
  return spawn(command, args, { ...user, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
    .on('exit', leave)
    .on('error', (error) => {
      console.error(error.message)
      leave(1)
    })
}

/** Its folder stays, for the next start. */
function crash(): void {
  server.off('exit', leave).on('exit', () => done(true))
  server.kill('SIGKILL')
}

function end(): void {
  if (server.exitCode !== null || server.signalCode !== null) leave(0)
  server.kill(endWith)
  setTimeout(() => server.kill('SIGKILL'), 5_000).unref()
}

function leave(code: number | null): void {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
}

function done(isDone: boolean): void {
  process.send?.(isDone)
}
