import { describe, expect, test } from 'vitest'
import { type BodyInput, UploadBody, type UploadBodyOptions } from './upload-body.ts'

const options: UploadBodyOptions = { maxBytes: 10, timeoutMs: 10_000, what: 'test: upload', signal: undefined }
const never = new Promise<never>(() => {})

function uploadOf(input: unknown, changed: Partial<UploadBodyOptions> = {}): UploadBody {
  return new UploadBody(input as BodyInput, { ...options, ...changed })
}

function upload(input: unknown, changed: Partial<UploadBodyOptions> = {}): Promise<string> {
  const body = uploadOf(input, changed)
  return body.run(() => new Response(body.stream).text())
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

/** A source that says whether it was let go. */
function source(next: () => Promise<Uint8Array>): { readonly input: AsyncIterable<Uint8Array>; released: boolean } {
  const state = {
    released: false,
    input: {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: await next() }),
        return: async () => {
          state.released = true
          return { done: true as const, value: undefined }
        },
      }),
    },
  }
  return state
}

describe('a body', () => {
  test('comes through, be it bytes, a web stream or an iterable', async () => {
    expect(await upload(Buffer.from('hello'))).toBe('hello')
    expect(await upload(new Blob(['hello']).stream())).toBe('hello')
    expect(await upload(chunks('hel', '', 'lo'))).toBe('hello')
    expect(await upload(new Uint8Array())).toBe('')
  })

  test('knows its size only when it is bytes', () => {
    expect(uploadOf(new Uint8Array(5)).size).toBe(5)
    expect(uploadOf(chunks('hello')).size).toBeNull()
  })

  test('may have maxBytes and not one more', async () => {
    expect(await upload(chunks('12345', '67890'))).toBe('1234567890')
    await expect(upload(chunks('12345', '678901'))).rejects.toMatchObject({ code: 'too_large' })
    expect(() => uploadOf(new Uint8Array(11))).toThrow(expect.objectContaining({ code: 'too_large' }))
  })

  test.each(['hello', null, undefined, 5, {}, new ArrayBuffer(5)])('cannot be %j', (input) => {
    expect(() => uploadOf(input)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })

  test('cannot be a stream that somebody reads already', () => {
    const stream = new Blob(['hello']).stream()
    stream.getReader()
    expect(() => uploadOf(stream)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })

  test('cannot be a stream of anything but bytes', async () => {
    await expect(upload(ReadableStream.from(['hello']))).rejects.toMatchObject({ code: 'invalid_argument' })
  })

  test('is not read before the backend asks, nor further than it asks', async () => {
    let reads = 0
    const { input } = source(async () => Buffer.from(String(++reads)))
    const body = uploadOf(input)
    expect(reads).toBe(0)
    await body.run(async () => {
      const reader = body.stream.getReader()
      await reader.read()
      await reader.read()
    })
    expect(reads).toBe(2)
  })
})

describe('a source that fails', () => {
  test('fails the upload as aborted, whatever the backend makes of it', async () => {
    const broken = new Error('the disk of the client is gone')
    const body = uploadOf(source(() => Promise.reject(broken)).input)
    const write = () =>
      new Response(body.stream).text().catch(() => {
        throw new Error('some wrapper of the backend')
      })
    await expect(body.run(write)).rejects.toMatchObject({ code: 'aborted', cause: broken })
  })

  test('keeps its own code when it has one', async () => {
    const tooMuch = uploadOf(chunks('x'.repeat(11)))
    await expect(upload(tooMuch.stream)).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('an abort', () => {
  test('before the start asks nothing of the backend, and lets the source go', async () => {
    const state = source(() => never)
    const body = uploadOf(state.input, { signal: AbortSignal.abort() })
    let asked = false
    const write = async () => {
      asked = true
    }
    await expect(body.run(write)).rejects.toMatchObject({ code: 'aborted' })
    expect({ asked, released: state.released }).toEqual({ asked: false, released: true })
  })

  test('ends a write that waits for its source, and the stream with it', async () => {
    const abort = new AbortController()
    const state = source(() => never)
    const body = uploadOf(state.input, { signal: abort.signal })
    let streamEnded: unknown
    const run = body.run(() =>
      new Response(body.stream).text().catch((error: unknown) => {
        streamEnded = error
        throw error
      }),
    )
    abort.abort(new Error('the user left'))
    await expect(run).rejects.toMatchObject({ code: 'aborted', cause: new Error('the user left') })
    expect(streamEnded).toMatchObject({ code: 'aborted' })
    expect(state.released).toBe(true)
  })
})

describe('time', () => {
  test('is over for a backend that takes nothing, or never finishes', async () => {
    await expect(uploadOf(chunks('hello'), { timeoutMs: 5 }).run(() => never)).rejects.toMatchObject({
      code: 'timeout',
    })
    const body = uploadOf(chunks('hello'), { timeoutMs: 5 })
    const write = async () => {
      await new Response(body.stream).text()
      return never
    }
    await expect(body.run(write)).rejects.toMatchObject({ code: 'timeout' })
  })

  test('is never over for a slow source', async () => {
    async function* slow() {
      for (const text of ['hel', 'lo']) {
        await new Promise((resolve) => setTimeout(resolve, 30))
        yield Buffer.from(text)
      }
    }
    expect(await upload(slow(), { timeoutMs: 15 })).toBe('hello')
  })
})
