import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from 'testcontainers'
import type { ComposeService } from './compose.ts'
import { Absent } from './first-that-answers.ts'

/** A started container and where its port is published. */
export interface Container {
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

/** A container in which programs are started later. */
export interface IdleContainer {
  /** Runs a shell script, with its arguments as $1 and so on; rejects with what it printed when it fails. */
  run(script: string, ...args: readonly string[]): Promise<void>
  /** Ends what runs in it. Safe twice. */
  stop(): Promise<void>
}

/** Starts a container and waits until its health check passes; its port is published on the loopback address only. */
export async function startContainer(service: ComposeService, port: number): Promise<Container> {
  const container = (await containerOf(service.image))
    .withEnvironment({ ...service.environment })
    .withCommand([...(service.command ?? [])])
    .withTmpFs(Object.fromEntries((service.tmpfs ?? []).map((folder) => [folder, 'rw'])))
    .withExposedPorts(port)
    .withHealthCheck({ test: service.healthcheck.test, interval: 250, retries: 240 })
    .withWaitStrategy(Wait.forHealthCheck())
  const started = await container.start()
  return {
    host: started.getHost() === 'localhost' ? '127.0.0.1' : started.getHost(),
    port: started.getMappedPort(port),
    stop: async () => void (await started.stop()),
  }
}

/**
 * Starts a container that waits for `run`. Its ports have the same numbers on this machine's loopback address, so that
 * programs can tell others where they are. Rejects with `Absent` when the engine is on another machine.
 */
export async function startIdleContainer(image: string, ports: readonly number[]): Promise<IdleContainer> {
  if (!(await isEngineHere())) throw new Absent('the container engine is on another machine')
  const container = (await containerOf(image))
    .withEntrypoint(['tail', '-f', '/dev/null'])
    .withExposedPorts(...ports.map((port) => ({ container: port, host: port })))
    .withWaitStrategy(Wait.forSuccessfulCommand('true'))
  const started = await container.start()
  return {
    run: async (script, ...args) => {
      const { exitCode, output } = await started.exec(['sh', '-c', script, 'sh', ...args])
      if (exitCode !== 0) throw new Error(`a program in a container failed: ${output.trim()}`)
    },
    stop: async () => void (await started.stop()),
  }
}

async function containerOf(image: string): Promise<LoopbackContainer> {
  const engine = await getContainerRuntimeClient()
  if (!(await engine.image.exists(ImageName.fromString(image)))) console.info(`pulling ${image}`)
  return new LoopbackContainer(image)
}

async function isEngineHere(): Promise<boolean> {
  const { info } = await getContainerRuntimeClient()
  return ['localhost', '127.0.0.1'].includes(info.containerRuntime.host)
}

class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    // An engine elsewhere publishes on its own loopback, where nobody here could reach it.
    if (!(await isEngineHere())) return
    const ports: Record<string, { HostIp?: string }[]> = this.hostConfig.PortBindings ?? {}
    for (const binding of Object.values(ports).flat()) binding.HostIp = '127.0.0.1'
  }
}
