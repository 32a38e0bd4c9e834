import { GenericContainer, getContainerRuntimeClient, ImageName, Wait } from 'testcontainers'
import type { ComposeService } from './compose.ts'

/** A started container and where its port is published. */
export interface Container {
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

/** Starts a container and waits until its health check passes; its port is published on the loopback address only. */
export async function startContainer(service: ComposeService, port: number): Promise<Container> {
  const engine = await getContainerRuntimeClient()
  if (!(await engine.image.exists(ImageName.fromString(service.image)))) console.info(`pulling ${service.image}`)
  const container = new LoopbackContainer(service.image)
    .withEnvironment({ ...service.environment })
    .withCommand([...(service.command ?? [])])
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

class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const engine = await getContainerRuntimeClient()
    // An engine elsewhere publishes on its own loopback, where nobody here could reach it.
    if (!['localhost', '127.0.0.1'].includes(engine.info.containerRuntime.host)) return
    const ports: Record<string, { HostIp?: string }[]> = this.hostConfig.PortBindings ?? {}
    for (const binding of Object.values(ports).flat()) binding.HostIp = '127.0.0.1'
  }
}
