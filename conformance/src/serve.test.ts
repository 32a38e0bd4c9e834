import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type Served, serve } from './serve.ts'

const servers: Served[] = []

async function served(handler: (request: Request) => Promise<Response> | Response): Promise<Served> {
  const server = await serve(handler)
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

describe('serve', () => {
  it('hands method, path, query and headers to the handler', async () => {
    const { url } = await served(({ method, url: target, headers }) =>
      Response.json([method, new URL(target).pathname, new URL(target).search, headers.get('x-one')]),
    )
    const response = await fetch(`${url}/a%2Fb/c?d=%20e`, { method: 'DELETE', headers: { 'x-one': 'two' } })
    expect(await response.json()).toEqual(['DELETE', '/a%2Fb/c', '?d=%20e', 'two'])
  })

  it('hands on status and headers, each cookie by itself', async () => {
    const headers = new Headers({ etag: '"1"' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    const { url } = await served(() => new Response('teapot', { status: 418, headers }))
    const response = await fetch(url)
    expect([response.status, response.headers.get('etag'), response.headers.getSetCookie()]).toEqual([
      418,
      '"1"',
      ['a=1', 'b=2'],
    ])
    expect(await response.text()).toBe('teapot')
  })

  it('streams bodies both ways, unchanged', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(65_536))
    const { url } = await served((request) => new Response(request.body))
    const upload = new Blob(Array.from({ length: 100 }, () => bytes))
    const response = await fetch(url, { method: 'PUT', body: upload })
    const back = Buffer.from(await response.arrayBuffer())
    expect(back.equals(Buffer.from(await upload.arrayBuffer()))).toBe(true)
  })

  it('gives the first bytes of a response before the last are there', async () => {
    let finish = () => {}
    const { url } = await served(() => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from('first'))
          finish = () => controller.close()
        },
      })
      return new Response(body)
    })
    const reader = (await fetch(url)).body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first')
    finish()
    expect((await reader?.read())?.done).toBe(true)
  })

  it('answers HEAD with the headers and no body', async () => {
    const { url } = await served(() => new Response('body', { headers: { 'content-length': '4' } }))
    const response = await fetch(url, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '4', ''])
  })

  for (const status of [204, 304]) {
    it(`sends no body with ${status}, and the connection can be used again`, async () => {
      const { url } = await served(() => new Response(null, { status, headers: { etag: '"2"' } }))
      for (const _ of [1, 2]) {
        const response = await fetch(url)
        expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([status, '"2"', ''])
      }
    })
  }

  it('answers 500 for a handler that throws or rejects, and goes on serving', async () => {
    let calls = 0
    const { url } = await served(async () => {
      calls += 1
      if (calls === 1) throw new Error('secret')
      return new Response('fine')
    })
    const failed = await fetch(url)
    expect([failed.status, await failed.text()]).toEqual([500, ''])
    expect(await (await fetch(url)).text()).toBe('fine')
  })

  it('breaks the response off when its body fails', async () => {
    const { url } = await served(() => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (controller.desiredSize === null) return
          controller.enqueue(Buffer.from('some'))
          controller.error(new Error('broken'))
        },
      })
      return new Response(body, { headers: { 'content-length': '1000' } })
    })
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow(TypeError)
  })

  it('refuses an upload without reading it', async () => {
    const { url } = await served(() => new Response('too large', { status: 413 }))
    for (const _ of [1, 2]) {
      const response = await fetch(url, { method: 'PUT', body: Buffer.alloc(10_000) })
      expect([response.status, await response.text()]).toEqual([413, 'too large'])
    }
  })

  it('aborts the request and fails its body when the client breaks an upload off', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: aborted, resolve: abort } = Promise.withResolvers<boolean>()
    const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>()
    const { url } = await served(async (request) => {
      request.signal.addEventListener('abort', () => abort(true))
      reach()
      await request.arrayBuffer().catch(fail)
      return new Response(null)
    })
    const upload = httpRequest(url, { method: 'PUT', headers: { 'content-length': '1000' } })
    upload.on('error', () => {}) // the connection is cut on purpose
    upload.write('some')
    await reached
    upload.destroy()
    expect(await aborted).toBe(true)
    assert.ok((await failed) instanceof Error)
  })

  it('cancels the body of a response when the client goes away', async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<boolean>()
    const { url } = await served(() => {
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => resolve(true),
      })
      return new Response(body)
    })
    const abort = new AbortController()
    const response = await fetch(url, { signal: abort.signal })
    await response.body?.getReader().read()
    abort.abort()
    expect(await cancelled).toBe(true)
  })

  it('ends open connections when it is closed', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const server = await serve(() => {
      reach()
      return new Promise<Response>(() => {})
    })
    const waiting = fetch(server.url).catch((error: unknown) => error)
    await reached
    await server.close()
    expect(await waiting).toBeInstanceOf(TypeError)
  })
})
