import { type ErrorCode, StorageError, storageError } from './errors.ts'
import { failureText } from './failure-text.ts'
import { type Observation, type ObservationChannel, observe } from './observe.ts'
import { UnderWay } from './under-way.ts'

/** What calls need of a driver. */
interface CalledDriver {
  readonly name: string
  classify?(error: unknown): ErrorCode | undefined
  close?(): Promise<void>
}

/** Runs one driver's commands: under a deadline, observed, and with every raw error turned into a typed one. */
export class Calls {
  readonly #driver: CalledDriver
  readonly #channel: ObservationChannel
  readonly #underWay: UnderWay
  #closed: Promise<void> | undefined

  constructor(driver: CalledDriver, channel: ObservationChannel, timeoutMs: number) {
    this.#driver = driver
    this.#channel = channel
    this.#underWay = new UnderWay(timeoutMs)
  }

  /** `measure` tells an observer what the result was; it runs only for one. */
  run<T>(operation: string, command: () => Promise<T>, measure?: (result: T) => Partial<Observation>): Promise<T> {
    return this.#observed(operation, () => this.#underWay.run(command(), this.#what(operation)), measure)
  }

  /** As `run`; an aborted signal sends nothing, and whatever fails after an abort rejects with `aborted`. */
  runAbortable<T>(operation: string, signal: AbortSignal | null, command: () => Promise<T>): Promise<T> {
    return this.run(operation, async () => {
      try {
        signal?.throwIfAborted()
        return await command()
      } catch (error) {
        if (!signal?.aborted) throw error
        throw new StorageError('aborted', `${this.#what(operation)} was aborted`, { cause: signal.reason })
      }
    })
  }

  /** As `run`, for work that ends when it ends: migrations, and bodies that stream as fast as their consumer reads. */
  runWithoutDeadline<T>(operation: string, command: () => Promise<T>): Promise<T> {
    return this.#observed(operation, () => this.#underWay.runWithoutDeadline(command()))
  }

  /** From now on every call rejects with `configuration`. Calls under way end first; then the driver is closed, once. */
  close(): Promise<void> {
    this.#closed ??= this.#underWay.ended().then(() => this.#driver.close?.())
    return this.#closed
  }

  #observed<T>(name: string, command: () => Promise<T>, measure?: (result: T) => Partial<Observation>): Promise<T> {
    if (!this.#channel.hasSubscribers) return this.#typed(name, command)
    const observation: Observation = { adapter: this.#driver.name, operation: name }
    return observe(this.#channel, observation, async () => {
      const result = await this.#typed(name, command)
      if (measure) Object.assign(observation, measure(result))
      return result
    })
  }

  async #typed<T>(name: string, command: () => Promise<T>): Promise<T> {
    try {
      if (this.#closed !== undefined) throw new StorageError('configuration', `${this.#what(name)}: closed already`)
      return await command()
    } catch (error) {
      if (error instanceof StorageError) throw error
      const code = this.#driver.classify?.(error) ?? 'internal'
      throw storageError(code, `${this.#what(name)} ${failureText(code)}`, { cause: error })
    }
  }

  #what(operation: string): string {
    return `${this.#driver.name}: ${operation}`
  }
}
