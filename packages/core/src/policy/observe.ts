import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import { StorageError } from './errors.ts'

/** What subscribers of the channels `threadkeep:store` and `threadkeep:attachments` are told of one call. */
export interface Observation {
  readonly adapter: string
  readonly operation: string
  /** In milliseconds; from the end of the call on. */
  duration?: number
  /** How many rows came back. */
  rows?: number
  /** How many bytes of bodies came back or went in. */
  bytes?: number
  /** The code of the error it ended with. */
  code?: string
}

export type ObservationChannel = TracingChannel<unknown, Observation>

export const storeChannel: ObservationChannel = tracingChannel('threadkeep:store')
export const attachmentsChannel: ObservationChannel = tracingChannel('threadkeep:attachments')

/** Runs the call under the channel. Contents are never published. */
export async function observe<T>(
  channel: ObservationChannel,
  observation: Observation,
  run: () => Promise<T>,
): Promise<T> {
  let result: T | undefined
  const start = performance.now()
  await channel.tracePromise(async () => {
    try {
      result = await run()
    } catch (error) {
      observation.code = error instanceof StorageError ? error.code : 'internal'
      throw error
    } finally {
      observation.duration = performance.now() - start
    }
  }, observation)
  return result as T
}
