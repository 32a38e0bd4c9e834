import { createHash } from 'node:crypto'
import { type ClientRequest, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Served, serve } from '@threadkeep/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Folder, storeIn, temporaryFolder } from '../test/store-in-a-folder.ts'
import type { DiskAttachmentStore } from './index.ts'

const mib = 1024 * 1024
const size = 256 * mib
const mostGrowth = 128 * mib
const context = 'tenant'
let folder: Folder
let server: Served
let store: DiskAttachmentStore<string>

beforeAll(async () => {
  folder = await temporaryFolder()
  server = await serve((request) => store.handler(request))
  store = storeIn(folder.path, { baseUrl: server.url, maxBytes: size, timeoutMs: 60_000 })
  await store.setup()
})

afterAll(async () => {
  await server.close()
  await folder[Symbol.asyncDispose]()
})

/** Gives the bytes one after the other, and watches how much memory is in use meanwhile. */
class Bytes {
  readonly #hash = createHash('sha256')
  readonly #before = memory()
  growth = 0

  async *all(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += mib) yield this.see(Buffer.alloc(mib, at / mib))
  }

  see<T extends Uint8Array>(chunk: T): T {
    this.#hash.update(chunk)
    this.growth = Math.max(this.growth, memory() - this.#before)
    return chunk
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function startUpload(
  url: string,
  headers: Record<string, string>,
): { upload: ClientRequest; status: Promise<unknown> } {
  const upload = request(url, { method: 'PUT', headers: { ...headers, 'content-length': size } })
  const status = new Promise((resolve, reject) => {
    upload.once('response', ({ statusCode }) => resolve(statusCode))
    upload.once('error', reject)
  })
  return { upload, status }
}

test('a large file goes up and comes down without ever being in memory', async () => {
  const { id, upload_descriptor } = await store.createAttachment(
    { name: 'large', size, mime_type: 'video/mp4' },
    context,
  )
  const up = new Bytes()
  const { upload, status } = startUpload(upload_descriptor?.url ?? '', upload_descriptor?.headers ?? {})
  await pipeline(Readable.from(up.all()), upload)
  expect(await status).toBe(201)
  const uploaded = up.digest()
  expect(await store.headAttachment(id, context)).toMatchObject({ size, sha256: uploaded })

  const down = new Bytes()
  const response = await fetch(await store.attachmentUrl(id, context))
  for await (const chunk of response.body ?? []) down.see(chunk)
  expect(down.digest()).toBe(uploaded)
  expect(Math.max(up.growth, down.growth)).toBeLessThan(mostGrowth)
})

test('an upload that is cut off leaves its id free', async () => {
  const { id, upload_descriptor } = await store.createAttachment({ name: 'cut', size, mime_type: 'video/mp4' }, context)
  const { upload, status } = startUpload(upload_descriptor?.url ?? '', upload_descriptor?.headers ?? {})
  await new Promise((sent) => upload.write(Buffer.alloc(8 * mib), sent))
  upload.destroy()
  await expect(status).rejects.toThrow()
  expect(await store.headAttachment(id, context)).toBeUndefined()
  await store.writeAttachment(id, Buffer.from('whole'), context)
  expect(await store.headAttachment(id, context)).toMatchObject({ size: 5 })
})
