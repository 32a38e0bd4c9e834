/** A worker: says that it is loaded, then whether a container engine answers. Ending it drops a request that hangs. */
import { parentPort } from 'node:worker_threads'
import { getContainerRuntimeClient } from 'testcontainers'

export type EngineProbeMessage = 'loaded' | 'answers' | 'absent'

say('loaded')
try {
  await getContainerRuntimeClient()
  say('answers')
} catch {
  say('absent')
}

function say(message: EngineProbeMessage): void {
  parentPort?.postMessage(message)
}
