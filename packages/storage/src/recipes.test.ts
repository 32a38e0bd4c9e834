import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, openStorage } from '../test/open-storage.ts'
import type { Handler } from './http.ts'

const root = join(import.meta.dirname, '..')
const opened = openStorage()
const running: { close(done: () => void): unknown }[] = []
let folder: string

/** Writes every file of the README beside a `chat.ts` that gives this test's storage. */
beforeAll(async () => {
  await mkdir(join(root, '.cache'), { recursive: true })
  folder = await mkdtemp(join(root, '.cache/recipes-'))
  Object.assign(globalThis, { recipeStorage: opened.storage })
  await write('chat.ts', chat)
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  for (const [, path = '', text = ''] of readme.matchAll(/<!-- file: (.+) -->\n```ts\n([\s\S]+?)```/g)) {
    await write(path, text)
  }
})

afterAll(async () => {
  await Promise.all(running.map((server) => new Promise<void>((resolve) => server.close(resolve))))
  await rm(folder, { recursive: true, force: true })
})

const chat = `
export const storage = globalThis.recipeStorage
export function whoAsks(request: Request) {
  const user = request.headers.get('x-user')
  if (!user) throw new Error('a stranger')
  return { tenant: 'acme', user }
}
`

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

/** Everything that a module of the README exports. */
async function load<T>(path: string): Promise<T> {
  return import(join(folder, path))
}

/** Uploads a file and takes it through both handlers, over HTTP. */
async function expectServed(ask: (path: string, init?: RequestInit) => Promise<Response>): Promise<void> {
  const { id } = await opened.upload({ name: 'zähler.txt' })
  const headers = { 'x-user': 'ann' }
  const call = { method: 'attachment.complete', params: { id } }
  const completed = await ask('/attachments', { method: 'POST', headers, body: JSON.stringify(call) })
  expect([completed.status, await completed.json()]).toMatchObject([200, { data: { id, status: 'complete' } }])
  const whole = await ask(`/files/${id}`, { headers })
  expect([whole.status, whole.headers.get('content-type'), await whole.text()]).toEqual([200, 'text/plain', 'hello'])
  const part = await ask(`/files/${id}`, { headers: { ...headers, range: 'bytes=1-2' } })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 1-2/5', 'el'])
  const known = await ask(`/files/${id}`, { headers: { ...headers, 'if-none-match': whole.headers.get('etag') ?? '' } })
  expect([known.status, await known.text()]).toEqual([304, ''])
  const head = await ask(`/files/${id}`, { method: 'HEAD', headers })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', ''])
  const missing = await ask('/files/atc_none', { headers })
  expect([missing.status, await missing.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  const stranger = await ask(`/files/${id}`)
  expect([stranger.status, await stranger.json()]).toMatchObject([403, { error: { code: 'unauthorized' } }])
  expect(await opened.storage.uploads.load(id, ann)).toMatchObject({ fileName: 'zähler.txt' })
}

function over({ port }: AddressInfo): (path: string, init?: RequestInit) => Promise<Response> {
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

describe('a recipe of the README', () => {
  it('for Hono works', async () => {
    const { app } = await load<{ app: { fetch: Handler } }>('hono.ts')
    const address = await new Promise<AddressInfo>((resolve) => {
      running.push(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, resolve))
    })
    await expectServed(over(address))
  })

  it('for Express works', async () => {
    const { app } = await load<{ app: Express }>('express.ts')
    const server = createServer(app).listen(0, '127.0.0.1')
    running.push(server)
    await once(server, 'listening')
    await expectServed(over(server.address() as AddressInfo))
  })

  it('for Next is modules of route handlers', async () => {
    const attachments = await load<Record<string, Handler>>('attachments/route.ts')
    const files = await load<Record<string, Handler>>('files/[id]/route.ts')
    expect([Object.keys(attachments), Object.keys(files)]).toEqual([['POST'], ['GET', 'HEAD']])
    await expectServed((path, init = {}) => {
      const request = new Request(`http://chat.test${path}`, init)
      const handler = (path === '/attachments' ? attachments : files)[request.method]
      return handler?.(request) ?? Promise.reject(new Error(`Next would answer ${request.method} with 405`))
    })
  })
})
