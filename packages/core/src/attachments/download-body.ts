import { StorageError, storageError } from '../policy/errors.ts'
import type { UnderWay } from '../policy/under-way.ts'
import type { BlobDriver } from './blob-driver.ts'

/**
 * A body on its way from a backend. Nothing is read before somebody asks. Every failure is a `StorageError`: a backend
 * that gives nothing until the deadline is a `timeout`, and an abort is `aborted`, whatever the backend makes of it.
 */
export function downloadBody(
  source: ReadableStream<Uint8Array>,
  driver: BlobDriver,
  underWay: UnderWay,
  signal: AbortSignal | null,
): ReadableStream<Uint8Array> {
  const what = `${driver.name}: reading`
  const reader = source.getReader()
  const release = (reason: unknown) => reader.cancel(reason).catch(() => {}) // whoever reads is told already
  const typed = (cause: unknown): StorageError => {
    if (signal?.aborted) return new StorageError('aborted', `${what} was aborted`, { cause: signal.reason })
    if (cause instanceof StorageError) return cause
    return storageError(driver.classify?.(cause) ?? 'internal', `${what} broke off`, { cause })
  }
  let onAbort = () => {}
  const end = () => signal?.removeEventListener('abort', onAbort)
  return new ReadableStream(
    {
      start(controller) {
        onAbort = () => {
          controller.error(typed(signal?.reason))
          void release(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
      },
      async pull(controller) {
        try {
          const { done, value } = await underWay.run(reader.read(), what)
          if (signal?.aborted) return
          if (!done) return controller.enqueue(value)
          end()
          controller.close()
        } catch (error) {
          end()
          void release(error)
          throw typed(error)
        }
      },
      cancel(reason) {
        end()
        return release(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
