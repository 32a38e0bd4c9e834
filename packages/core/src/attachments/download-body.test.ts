import { describe, expect, test } from 'vitest'
import { UnderWay } from '../policy/under-way.ts'
import { downloadBody } from './download-body.ts'
import { MemoryBlobDriver } from './memory-blob-driver.ts'
import { UrlSigner } from './url-signer.ts'

class FailingDriver extends MemoryBlobDriver {
  classify(): 'unavailable' {
    return 'unavailable'
  }
}

const driver = new FailingDriver(new UrlSigner({ baseUrl: 'http://files.example', secret: 'x'.repeat(32) }))

function download(source: ReadableStream<Uint8Array>, signal: AbortSignal | null = null, timeoutMs = 10_000) {
  return downloadBody(source, driver, new UnderWay(timeoutMs), signal)
}

/** A backend's stream that gives one chunk and then waits, and says whether it was let go. */
function waiting(): { readonly stream: ReadableStream<Uint8Array>; released: boolean } {
  const state = {
    released: false,
    stream: new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from('hello')),
      cancel: () => {
        state.released = true
      },
    }),
  }
  return state
}

describe('bytes on their way from a backend', () => {
  test('come through', async () => {
    expect(await new Response(download(new Blob(['hello']).stream())).text()).toBe('hello')
  })

  test('fail with the code of the backend’s failure', async () => {
    const source = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('connection lost')) })
    const text = new Response(download(source)).text()
    await expect(text).rejects.toMatchObject({ code: 'unavailable', cause: new Error('connection lost') })
  })

  test('fail with timeout when the backend gives nothing', async () => {
    const state = waiting()
    await expect(new Response(download(state.stream, null, 5)).text()).rejects.toMatchObject({ code: 'timeout' })
    expect(state.released).toBe(true)
  })

  test('fail with aborted as soon as they are, and let the backend go', async () => {
    const state = waiting()
    const abort = new AbortController()
    const reader = download(state.stream, abort.signal).getReader()
    await reader.read()
    const next = reader.read()
    abort.abort(new Error('the user left'))
    await expect(next).rejects.toMatchObject({ code: 'aborted', cause: new Error('the user left') })
    expect(state.released).toBe(true)
  })

  test('let the backend go when the reader stops', async () => {
    const state = waiting()
    const reader = download(state.stream).getReader()
    await reader.read()
    await reader.cancel()
    expect(state.released).toBe(true)
  })
})
