import { execFile } from 'node:child_process'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Backend } from './backend.ts'
import { debianPackage } from './debian-package.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { onPath } from './on-path.ts'
import { startServerProcess } from './server-process.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

const run = promisify(execFile)

/**
 * A PgBouncer in transaction mode before this Postgres, with the same databases behind the same paths, and no password.
 * Found on PATH; root on Debian installs it. Rejects with `BackendUnavailable` when there is none.
 */
export function startPgBouncer(postgresUrl: string): Promise<Backend> {
  return firstThatAnswers('pgbouncer', [['path', () => fromPath(postgresUrl)]])
}

async function fromPath(postgresUrl: string): Promise<Omit<Backend, 'origin'>> {
  const command = (await onPath('pgbouncer')) ?? (await debianPackage('pgbouncer', 'pgbouncer'))
  const { stdout } = await run(command, ['--version'])
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-pgbouncer-'))
  try {
    const port = await freePort()
    const user = unprivilegedUser()
    const settings = join(folder, 'pgbouncer.ini')
    await writeFile(settings, configuration(new URL(postgresUrl), port), { mode: 0o600 })
    for (const path of [folder, settings])
      if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid)
    const program = { command, args: [settings], folder, user, endWith: 'SIGTERM' } as const
    const { stop } = await startServerProcess(program, 'process up')
    const version = /\d[\d.]*/.exec(stdout)?.[0] ?? 'of unknown version'
    const url = new URL(`postgres://postgres@127.0.0.1:${port}`)
    url.pathname = new URL(postgresUrl).pathname
    return { url: url.href, version: `pgbouncer ${version}`, notes: ['transaction mode'], stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** `auth_type = any` takes every login as the one user that the database line names. */
function configuration(postgres: URL, port: number): string {
  const login = { user: decodeURIComponent(postgres.username), password: decodeURIComponent(postgres.password) }
  const server = { host: postgres.hostname.replace(/^\[|\]$/g, ''), port: postgres.port || '5432', ...login }
  const target = Object.entries(server).map(([key, value]) => `${key}='${value.replaceAll("'", "''")}'`)
  return `[databases]
* = ${target.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
`
}
