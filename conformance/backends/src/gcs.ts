import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from './backend.ts'
import { composeVersion } from './compose.ts'
import { startDockerService } from './docker.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { startGcsGateway } from './gcs-gateway.ts'
import { goProgram } from './go-program.ts'
import { startServerProcess } from './server-process.ts'
import { serviceName } from './service-name.ts'

type Started = Omit<Backend, 'origin'>

/**
 * A Google Cloud Storage for tests: the fake-gcs-server that `THREADKEEP_TEST_GCS_URL` names, else one in a container,
 * else one built here by Go. It asks for no credentials and checks no signature, so our own gateway stands in front.
 * Its `url` has the service account as user and its private key as password. Rejects with `BackendUnavailable` when
 * there is none.
 */
export function startGcs(): Promise<Backend> {
  return firstThatAnswers('gcs', [
    ['environment', async () => behindGateway(await fromEnvironment())],
    ['docker', async () => behindGateway(await fromDocker())],
    ['path', async () => behindGateway(await fromGo())],
  ])
}

async function behindGateway({ url, version, stop }: Started): Promise<Started> {
  const gateway = await startGcsGateway(new URL(url))
  const stopBoth = async () => {
    await gateway.stop()
    await stop()
  }
  return { url: gateway.url, version, notes: ['behind the gateway that checks signatures'], stop: stopBoth }
}

async function fromEnvironment(): Promise<Started> {
  const url = environmentUrl('THREADKEEP_TEST_GCS_URL')
  return { url, version: await serviceName(url), notes: [], stop: async () => {} }
}

async function fromDocker(): Promise<Started> {
  const { host, port, stop } = await startDockerService('gcs', 4443)
  const url = `http://${host}:${port}`
  // Where it is reached is known only now; it takes a request for another host as one for a bucket of that name.
  const own = { method: 'PUT', body: JSON.stringify({ publicHost: `${host}:${port}`, externalUrl: url }) }
  const { ok, status } = await fetch(`${url}/_internal/config`, own)
  if (!ok) throw new Error(`fake-gcs-server answers ${status} when it is told its address`)
  return { url, version: `fake-gcs-server ${await composeVersion('gcs')}`, notes: [], stop }
}

async function fromGo(): Promise<Started> {
  const version = await composeVersion('gcs')
  const command = await goProgram('github.com/fsouza/fake-gcs-server', `v${version}`)
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-gcs-'))
  const port = await freePort()
  const address = ['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-public-host', `127.0.0.1:${port}`]
  const args = [...address, '-backend', 'memory']
  const program = { command, args, folder, user: {}, endWith: 'SIGKILL' } as const
  const { stop } = await startServerProcess(program, 'server started at')
  return { url: `http://127.0.0.1:${port}`, version: `fake-gcs-server ${version}`, notes: [], stop }
}
