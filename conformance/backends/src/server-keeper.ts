/**
 * Runs one server as a child of its own and ends it when standard input closes, which the death of the starting
 * process does too: only a process that outlives that one can clean up after it.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import type { ServerProgram } from './server-process.ts'

const { command, args, folder, user, endWith }: ServerProgram = JSON.parse(process.argv[2] ?? '')
const server = spawn(command, args, { ...user, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
process.stdin.resume().on('end', end).on('error', end)
server.on('error', (error) => {
  rmSync(folder, { recursive: true, force: true })
  console.error(error.message)
  process.exit(1)
})
server.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
})

function end(): void {
  server.kill(endWith)
  setTimeout(() => server.kill('SIGKILL'), 5_000).unref()
}
