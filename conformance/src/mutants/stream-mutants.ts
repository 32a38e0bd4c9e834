import type { BodyInput } from '@threadkeep/core'
import type { BlobDriver } from '@threadkeep/core/driver'
import { allOf, bytesOf, streamOf } from '../attachments/bytes.ts'
import { mib } from '../attachments/made-bytes.ts'
import { type BlobMutant, reading } from './blob-mutant.ts'
import { tokenOf } from './loose-handler.ts'

const partBytes = 5 * mib

/** Faults in what becomes of a stream. */
export const streamMutants: readonly BlobMutant[] = [
  {
    fault: 'an upload is held whole before it is stored',
    caughtBy: 'large/memory',
    inFiles: true,
    mutate: (driver) => writing(driver, (bytes) => bytes),
  },
  {
    fault: 'an object is read whole before its first byte is given',
    caughtBy: 'large/memory',
    inFiles: true,
    mutate: (driver) => reading(driver, async (content) => ({ ...content, body: streamOf(await allOf(content)) })),
  },
  {
    fault: 'a read runs ahead of its reader',
    caughtBy: 'large/slow-reader',
    inFiles: true,
    mutate: (driver) => reading(driver, async (content) => ({ ...content, body: runningAhead(content.body) })),
  },
  {
    fault: 'a download runs ahead of its client',
    caughtBy: 'large/slow-download',
    inFiles: true,
    answer: (handler) => async (request) => {
      const response = await handler(request)
      return new Response(response.body && runningAhead(response.body), response)
    },
  },
  {
    fault: 'parts are put together in the order of their numbers as text',
    caughtBy: 'large/there-and-back',
    mutate: (driver) =>
      writing(driver, (bytes) => {
        const count = Math.ceil(bytes.byteLength / partBytes)
        const numbers = Array.from({ length: count }, (_, index) => index + 1).sort()
        return Buffer.concat(numbers.map((number) => bytes.subarray((number - 1) * partBytes, number * partBytes)))
      }),
  },
  {
    fault: 'requests of more than fifty megabytes are refused',
    caughtBy: 'large/upload',
    answer: (handler) => async (request) =>
      Number(request.headers.get('content-length')) > 50e6 ? new Response(null, { status: 413 }) : handler(request),
  },
  {
    fault: 'the last part of a stream is lost when it is a single byte',
    caughtBy: 'parts/streams',
    mutate: (driver) => writing(driver, withoutSingleByte),
  },
  {
    fault: 'the last part of an upload is lost when it is a single byte',
    caughtBy: 'parts/uploads',
    answer: (handler, driver) => async (request) => {
      const size = Number(request.headers.get('content-length'))
      const token = tokenOf(request.url)
      if (request.method !== 'PUT' || size % partBytes !== 1 || !token) return handler(request)
      const options = { type: 'video/mp4', name: null, size: size - 1, signal: null }
      await driver.write(token.key, streamOf(withoutSingleByte(await request.bytes())), options)
      return new Response(null, { status: 201 })
    },
  },
  {
    fault: 'of a piece that is larger than a part the rest is lost',
    caughtBy: 'parts/pieces',
    wrap: withSource((source) =>
      mapped(source, (piece) => (piece instanceof Uint8Array ? piece.subarray(0, partBytes) : piece)),
    ),
  },
  {
    fault: 'maxBytes counts only the part at hand',
    caughtBy: 'parts/max-bytes',
    options: ({ maxBytes, ...options }) =>
      maxBytes === undefined || maxBytes >= partBytes ? options : { ...options, maxBytes },
  },
  {
    fault: 'a write takes the first piece before it looks at its arguments',
    caughtBy: 'sources/unread',
    wrap: (store) => ({
      writeAttachment: async (id, data, context, options) =>
        store.writeAttachment(id, isSource(data) ? await peeked(data) : data, context, options),
    }),
  },
  {
    fault: 'a write that is too long is read to its end',
    caughtBy: 'sources/too-long',
    wrap: withSource((source) => {
      const pieces = source[Symbol.asyncIterator]()
      const drain = async (): Promise<IteratorReturnResult<undefined>> => {
        while (!(await pieces.next()).done);
        return { done: true, value: undefined }
      }
      return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next(), return: drain }) }
    }),
  },
  {
    fault: 'a write that fails leaves its source open',
    caughtBy: 'sources/ended',
    wrap: withSource((source) => {
      const pieces = source[Symbol.asyncIterator]()
      return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) }
    }),
  },
  {
    fault: 'an abort is looked at with the next piece',
    caughtBy: 'sources/stalled',
    wrap: (store) => ({
      writeAttachment: (id, data, context, { signal, ...options } = {}) => {
        if (!signal || signal.aborted || !isSource(data)) {
          return store.writeAttachment(id, data, context, { ...options, ...(signal && { signal }) })
        }
        const watched = mapped(data, (piece) => {
          signal.throwIfAborted()
          return piece
        })
        return store.writeAttachment(id, watched, context, options)
      },
    }),
  },
  {
    fault: 'a source is asked for several pieces at once',
    caughtBy: 'sources/one-at-a-time',
    wrap: withSource(async function* (source) {
      const pieces = source[Symbol.asyncIterator]()
      try {
        for (;;) {
          for (const { done, value } of await Promise.all([pieces.next(), pieces.next(), pieces.next()])) {
            if (done) return
            yield value
          }
        }
      } finally {
        await pieces.return?.()
      }
    }),
  },
  {
    fault: 'text in a stream is stored as UTF-8',
    caughtBy: 'sources/bad',
    wrap: withSource((source) => mapped(source, (piece) => (typeof piece === 'string' ? bytesOf(piece) : piece))),
  },
  {
    fault: 'of a view into a buffer the whole buffer is stored',
    caughtBy: 'sources/views',
    wrap: (store) => ({
      writeAttachment: (id, data, context, options) =>
        store.writeAttachment(id, data instanceof Uint8Array ? new Uint8Array(data.buffer) : data, context, options),
    }),
  },
]

function writing(driver: BlobDriver, change: (bytes: Uint8Array) => Uint8Array): Partial<BlobDriver> {
  return {
    write: async (key, body, options) => driver.write(key, streamOf(change(await allOf({ body }))), options),
  }
}

/** Reads whatever there is, whether or not somebody takes it. */
function runningAhead(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      for await (const chunk of body) controller.enqueue(chunk)
      controller.close()
    },
  })
}

function withoutSingleByte<T extends Uint8Array>(bytes: T): Uint8Array {
  return bytes.byteLength > partBytes && bytes.byteLength % partBytes === 1 ? bytes.subarray(0, -1) : bytes
}

type Source = AsyncIterable<Uint8Array>

function isSource(data: unknown): data is Source {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data && !('locked' in data && data.locked)
}

/** Changes what is written when it is a stream. */
function withSource(change: (source: Source) => Source): NonNullable<BlobMutant['wrap']> {
  return (store) => ({
    writeAttachment: (id, data, context, options) =>
      store.writeAttachment(id, isSource(data) ? change(data) : data, context, options),
  })
}

async function* mapped(source: Source, change: (piece: Uint8Array) => Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const piece of source) yield change(piece)
}

async function peeked(source: Source): Promise<BodyInput> {
  const pieces = source[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<Uint8Array>> | undefined = Promise.resolve(await pieces.next())
  const next = () => {
    const piece = first ?? pieces.next()
    first = undefined
    return piece
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: async () => (await pieces.return?.()) ?? next() }) }
}
