import { Worker } from 'node:worker_threads'
import { composeService } from './compose.ts'
import type { Container, IdleContainer } from './container.ts'
import type { EngineProbeMessage } from './engine-probe.ts'
import { Absent } from './first-that-answers.ts'

/** A service of `docker-compose.test.yml` in a container of its own. */
export interface DockerService extends Container {
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Starts the service and waits until it is healthy; `port` is the one it listens on inside the container. Rejects with
 * `Absent` when no container engine answers within two seconds.
 */
export async function startDockerService(name: string, port: number): Promise<DockerService> {
  const service = await composeService(name)
  const { startContainer } = await containers()
  return { ...(await startContainer(service, port)), environment: service.environment ?? {} }
}

/**
 * Starts a container of the service's image that runs nothing yet; `ports` are those its programs will listen on.
 * Rejects with `Absent` as `startDockerService` does.
 */
export async function startIdleService(name: string, ports: readonly number[]): Promise<IdleContainer> {
  const { image } = await composeService(name)
  const { startIdleContainer } = await containers()
  return startIdleContainer(image, ports)
}

let answers: Promise<boolean> | undefined

async function containers(): Promise<typeof import('./container.ts')> {
  // Asked once in each process, because loading the client takes longer than most servers do.
  answers ??= engineAnswers(2_000)
  if (!(await answers)) throw new Absent('no container engine answers')
  return import('./container.ts')
}

async function engineAnswers(milliseconds: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const probe = new Worker(new URL('./engine-probe.ts', import.meta.url))
  let timer: NodeJS.Timeout | undefined
  probe.on('error', reject).on('message', (message: EngineProbeMessage) => {
    // Loading the client takes its time on a busy machine, which says nothing about the engine.
    if (message === 'loaded') timer = setTimeout(resolve, milliseconds, false)
    else resolve(message === 'answers')
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    await probe.terminate()
  }
}
