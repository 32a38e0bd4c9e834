import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Handler } from '../src/http.ts'

/** What goes wrong with one request: before it is answered, after it was, or the answer itself. */
export type Fault = 'cut before' | 'cut after' | 'silence' | 'silence after' | 'half an answer' | number

/** Requests that the server got, in order: `PUT`, `complete`, `fail`, `delete`. */
export type Heard = string[]

/** A page with `uploadFile` in it, and a server whose answers get lost as the test says. */
export class UploadPage {
  readonly url: string
  readonly heard: Heard = []
  /** For the next requests of each kind, one after the other. */
  readonly faults: { put: Fault[]; complete: Fault[] } = { put: [], complete: [] }
  readonly #server: Server

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(handlers: (url: string) => { files: Handler; attachments: Handler }): Promise<UploadPage> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const page = new UploadPage(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const { files, attachments } = handlers(page.url)
    const listener = getRequestListener(
      (request, { outgoing }) => page.#answer(request, outgoing as HttpBindings['outgoing'], files, attachments),
      { overrideGlobalObjects: false },
    )
    server.on('request', (incoming, outgoing) => void listener(incoming, outgoing))
    return page
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(
    request: Request,
    outgoing: HttpBindings['outgoing'],
    files: Handler,
    attachments: Handler,
  ): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return new Response(null, { status: 404 })
    if (pathname === '/') return new Response(html, { headers: { 'content-type': 'text/html' } })
    if (pathname.startsWith('/src/')) return script(pathname)
    if (pathname !== '/attachments')
      return this.#faulty(request.method, this.faults.put, outgoing, () => files(request))
    const text = await request.text()
    const name = JSON.parse(text).method.replace('attachment.', '')
    const faults = name === 'complete' ? this.faults.complete : []
    const { url, headers } = request
    return this.#faulty(name, faults, outgoing, () =>
      attachments(new Request(url, { method: 'POST', headers, body: text })),
    )
  }

  async #faulty(
    name: string,
    faults: Fault[],
    outgoing: HttpBindings['outgoing'],
    answer: () => Promise<Response>,
  ): Promise<Response> {
    this.heard.push(name)
    const fault = faults.shift()
    if (typeof fault === 'number') return new Response('', { status: fault })
    if (fault === 'silence') return new Promise(() => {})
    if (fault === 'cut before') outgoing.destroy()
    const response = fault === 'cut before' ? new Response() : await answer()
    if (fault === 'cut after') outgoing.destroy()
    if (fault === 'silence after') return new Promise(() => {})
    if (fault === 'half an answer') return new Response(half(await response.text()), response)
    return response
  }
}

/** The first half of the text, and never its end. */
function half(text: string): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(text)
  return new ReadableStream({ start: (controller) => controller.enqueue(bytes.subarray(0, bytes.length / 2)) })
}

/** A module of `src`, as a browser takes it. */
async function script(pathname: string): Promise<Response> {
  const text = await readFile(join(import.meta.dirname, '..', pathname), 'utf8')
  return new Response(stripTypeScriptTypes(text), { headers: { 'content-type': 'text/javascript' } })
}

/** `upload(attachment, size, options)` tells how it ended, and what `onProgress` was told; `cancel()` aborts it. */
const html = `<!doctype html><script type="module">
  import { uploadFile } from '/src/browser.ts'

  window.upload = async (attachment, size, { abortAt, own, ...options }) => {
    const progress = []
    const abort = new AbortController()
    window.cancel = () => abort.abort()
    if (abortAt === 0) abort.abort()
    const onProgress = (fraction) => {
      progress.push(fraction)
      if (abortAt !== undefined && fraction >= abortAt) abort.abort()
    }
    const complete = own ? () => Promise.reject(new RangeError(own)) : options.complete
    const file = new Blob(['x'.repeat(size)])
    try {
      const record = await uploadFile(attachment, file, { ...options, complete, onProgress, signal: abort.signal })
      return { record, progress }
    } catch ({ name, code, status, message }) {
      return { error: { name, code, status, message }, progress }
    }
  }
</script>`
