import { mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Backend } from './backend.ts'
import { startDockerService } from './docker.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { startServerProcess } from './server-process.ts'
import { serviceName } from './service-name.ts'

type Running = Pick<Backend, 'url' | 'stop'>

/** The account and the key that Azurite documents. */
const account = 'devstoreaccount1'
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/**
 * An Azure Blob Storage for tests: the one `THREADKEEP_TEST_AZURE_URL` names, else Azurite in a container, else Azurite of
 * the npm package. Its `url` is the blob endpoint, with account and key as user and password. It may create containers.
 * Rejects with `BackendUnavailable` when there is none.
 */
export function startAzure(): Promise<Backend> {
  return firstThatAnswers('azure', [
    ['environment', async () => identified(fromEnvironment())],
    ['docker', async () => identified(await fromDocker())],
    ['embedded', async () => identified(await startEmbeddedAzurite())],
  ])
}

function fromEnvironment(): Running {
  return { url: environmentUrl('THREADKEEP_TEST_AZURE_URL'), stop: async () => {} }
}

async function fromDocker(): Promise<Running> {
  const { host, port, stop } = await startDockerService('azure', 10_000)
  return { url: endpoint(host, port), stop }
}

/** Azurite of the npm package, with more of its options than all need. */
export async function startEmbeddedAzurite(more: readonly string[] = [], scheme = 'http'): Promise<Running> {
  const main = createRequire(import.meta.url).resolve('azurite')
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-azure-'))
  const port = await freePort()
  const options = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent']
  const args = [
    join(dirname(main), 'blob', 'main.js'),
    '--blobHost',
    '127.0.0.1',
    '--blobPort',
    `${port}`,
    ...options,
    ...more,
  ]
  const program = { command: process.execPath, args, folder, user: {}, endWith: 'SIGKILL' } as const
  const { stop } = await startServerProcess(program, 'successfully listens on')
  return { url: endpoint('127.0.0.1', port, scheme), stop }
}

function endpoint(host: string, port: number, scheme = 'http'): string {
  return `${scheme}://${account}:${encodeURIComponent(key)}@${host}:${port}/${account}`
}

/** What the server says about itself; a server that does not answer is stopped again. */
async function identified(running: Running): Promise<Omit<Backend, 'origin'>> {
  try {
    return { ...running, version: (await serviceName(running.url)).replace('/', ' '), notes: [] }
  } catch (error) {
    await running.stop()
    throw error
  }
}
