import { StorageError } from '../policy/errors.ts'
import { timeoutError } from '../policy/under-way.ts'

/** What can be stored: bytes, or a stream of them. */
export type BodyInput = Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export interface UploadBodyOptions {
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly what: string
  /** The caller's. */
  readonly signal: AbortSignal | undefined
}

/**
 * A body on its way to a backend. It counts: one byte too many fails it with `too_large`. It keeps time, but only the
 * backend's: when that takes nothing for `timeoutMs` although bytes are there, or does not finish after the last one,
 * the signal aborts with `timeout`. A slow source is given all the time it needs. An abort fails the stream too, and a
 * source that fails is `aborted`, whatever the backend makes of it.
 */
export class UploadBody {
  readonly stream: ReadableStream<Uint8Array>
  /** In bytes; `null` for a stream. */
  readonly size: number | null
  /** Aborts the write, for whichever reason. */
  readonly signal: AbortSignal
  readonly #options: UploadBodyOptions
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #bytes = 0
  #failure: StorageError | undefined
  #ended = false

  constructor(input: BodyInput, options: UploadBodyOptions) {
    this.#options = options
    this.#chunks = toIterator(input)
    this.size = input instanceof Uint8Array ? input.byteLength : null
    if (this.size !== null && this.size > options.maxBytes) throw this.#tooLarge()
    this.signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal
    this.stream = new ReadableStream(
      {
        start: (controller) => this.#onAbort((reason) => controller.error(reason)),
        pull: (controller) => this.#pull(controller),
        cancel: () => this.#release(),
      },
      { highWaterMark: 0 },
    )
  }

  /** Runs the write; afterwards no timer is left, and the source is released. */
  async run<T>(write: () => Promise<T>): Promise<T> {
    try {
      if (this.signal.aborted) throw this.#reason()
      const aborted = new Promise<never>((_, reject) => this.#onAbort(reject))
      this.#startTimer()
      return await Promise.race([write(), aborted])
    } catch (error) {
      throw this.#failure ?? (this.signal.aborted ? this.#reason() : error)
    } finally {
      this.#end()
    }
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(this.#timer)
    const chunk = await this.#next()
    this.#startTimer()
    if (chunk) controller.enqueue(chunk)
    else controller.close()
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await this.#chunks.next()
      if (done) return undefined
      if (!(value instanceof Uint8Array)) throw new StorageError('invalid_argument', 'a stream must give Uint8Arrays')
      this.#bytes += value.byteLength
      if (this.#bytes > this.#options.maxBytes) throw this.#tooLarge()
      return value
    } catch (cause) {
      const failed = `${this.#options.what}: the given stream failed`
      this.#failure = cause instanceof StorageError ? cause : new StorageError('aborted', failed, { cause })
      throw this.#failure
    }
  }

  #startTimer(): void {
    if (this.#ended) return
    const { timeoutMs, what } = this.#options
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#abort.abort(timeoutError(what, timeoutMs)), timeoutMs)
  }

  #end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#release()
  }

  #release(): void {
    this.#chunks.return?.().catch(() => {}) // whoever asked is answered already
  }

  #onAbort(listener: (reason: StorageError) => void): void {
    this.signal.addEventListener('abort', () => listener(this.#reason()), { once: true })
  }

  #reason(): StorageError {
    const { reason } = this.signal
    if (reason instanceof StorageError) return reason
    return new StorageError('aborted', `${this.#options.what} was aborted`, { cause: reason })
  }

  #tooLarge(): StorageError {
    const { maxBytes, what } = this.#options
    return new StorageError('too_large', `${what}: more than maxBytes ${maxBytes}`)
  }
}

function toIterator(input: BodyInput): AsyncIterator<Uint8Array> {
  if (input instanceof Uint8Array) return once(input)
  const isStream = typeof input === 'object' && input !== null && Symbol.asyncIterator in input
  if (isStream && !('locked' in input && input.locked)) return input[Symbol.asyncIterator]()
  throw new StorageError('invalid_argument', 'data must be a Uint8Array, or a stream of them that nobody reads yet')
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes
}
