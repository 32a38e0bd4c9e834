import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase } from './databases.ts'
import { freePort } from './free-port.ts'
import { ownGoProgram } from './go-program.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** A FerretDB: a program that speaks the protocol of MongoDB. */
export interface FerretDB extends ServerProcess {
  readonly url: string
  /** `ferretdb 1.24.0`, which it does not know itself. */
  readonly version: string
}

const module = fileURLToPath(new URL('../ferretdb', import.meta.url))

/**
 * Starts a FerretDB that keeps its data in a new database of this Postgres; `stop` drops that too. FerretDB does not
 * isolate commands from one another, so only one runs at a time, as if each were atomic, unless `isolated` is false.
 */
export async function startFerretDB(postgresUrl: string, isolated = true): Promise<FerretDB> {
  const command = await ownGoProgram(module)
  const [port, database] = [await freePort(), await createDatabase(postgresUrl)]
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-ferretdb-'))
  const args = [`-listen=127.0.0.1:${port}`, `-postgres=${database.url}`, `-isolated=${isolated}`]
  const program = { command, args, folder, user: {}, endWith: 'SIGKILL' } as const
  try {
    const server = await startServerProcess(program, 'waiting for connections')
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= server.stop().then(() => database.drop())
      return stopped
    }
    return { ...server, url: `mongodb://127.0.0.1:${port}`, version: await version(), stop }
  } catch (error) {
    await database.drop()
    throw error
  }
}

async function version(): Promise<string> {
  const text = await readFile(join(module, 'go.mod'), 'utf8')
  return `ferretdb ${/FerretDB v(\S+)/.exec(text)?.[1]}`
}
