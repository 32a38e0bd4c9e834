import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from './backend.ts'
import { composeVersion } from './compose.ts'
import { startDockerService } from './docker.ts'
import { environmentUrl } from './environment-url.ts'
import { firstThatAnswers } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { goProgram } from './go-program.ts'
import { startServerProcess } from './server-process.ts'
import { serviceName } from './service-name.ts'

type Started = Omit<Backend, 'origin'>

/**
 * An S3 for tests: the one `THREADKEEP_TEST_S3_URL` names, else versitygw in a container, else versitygw built here by Go.
 * Its `url` is the endpoint, with access key and secret key as user and password, and `?region=` unless that is
 * us-east-1. It may create buckets. Rejects with `BackendUnavailable` when there is none.
 */
export function startS3(): Promise<Backend> {
  return firstThatAnswers('s3', [
    ['environment', fromEnvironment],
    ['docker', fromDocker],
    ['path', fromGo],
  ])
}

async function fromEnvironment(): Promise<Started> {
  const url = environmentUrl('THREADKEEP_TEST_S3_URL')
  return { url, version: await serviceName(url), notes: [], stop: async () => {} }
}

async function fromDocker(): Promise<Started> {
  const { host, port, environment, stop } = await startDockerService('s3', 7070)
  const { ROOT_ACCESS_KEY: access, ROOT_SECRET_KEY: secret } = environment
  return { url: `http://${access}:${secret}@${host}:${port}`, version: await versitygwVersion(), notes: [], stop }
}

async function fromGo(): Promise<Started> {
  const version = await composeVersion('s3')
  const command = await goProgram('github.com/versity/versitygw/cmd/versitygw', `v${version}`)
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-s3-'))
  const [data, sidecar, versions] = [join(folder, 'data'), join(folder, 'sidecar'), join(folder, 'versions')]
  for (const path of [data, sidecar, versions]) await mkdir(path)
  const [port, secret] = [await freePort(), randomBytes(12).toString('hex')]
  const gateway = ['--port', `127.0.0.1:${port}`, '--access', 'threadkeep', '--secret', secret]
  const args = [...gateway, 'posix', '--sidecar', sidecar, '--versioning-dir', versions, data]
  const program = { command, args, folder, user: {}, endWith: 'SIGKILL' } as const
  const { stop } = await startServerProcess(program, 'service listening on')
  return { url: `http://threadkeep:${secret}@127.0.0.1:${port}`, version: await versitygwVersion(), notes: [], stop }
}

/** It does not know its own. */
async function versitygwVersion(): Promise<string> {
  return `versitygw ${await composeVersion('s3')}`
}
