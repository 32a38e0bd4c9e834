import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { CRC32C, Storage, type StorageOptions } from '@google-cloud/storage'
import { createGcsBucket, gcsOptions, ServiceAccount } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { Storage as Storage7 } from 'google-cloud-storage-7'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'
import type { GCSAttachmentStore } from './index.ts'

const context = 'tenant'
const mib = 2 ** 20
const id = 'atc_1'

await describeOn('gcs', ({ url }) => {
  const config = gcsOptions(url)
  const client = new Storage(config)
  let bucket = ''
  let store: GCSAttachmentStore<string>
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name: bucket, drop } = await createGcsBucket(url))
    store = storeIn(bucket, { client })
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })

  describe('a write', () => {
    test.each([
      ['that fits has its checksum beside it', 8 * mib, true],
      ['that is longer is compared when it is stored', 8 * mib + 1, false],
    ])('%s', async (_, length, isKept) => {
      const bytes = Buffer.alloc(length, 'some bytes')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const written = await store.writeAttachment('sums', inPieces(bytes), context, { type: 'video/mp4' })
      onTestFinished(() => store.deleteAttachment('sums', context))
      expect(written).toEqual({ size: length, type: 'video/mp4', etag: expect.stringMatching(/^\d+$/), sha256 })
      const { sha256: _sha256, ...plain } = written
      expect(await store.headAttachment('sums', context)).toEqual(isKept ? written : plain)
    })

    test.each([
      ['the service', 1_000],
      ['the store', 9 * mib],
    ])('of other bytes than were meant is found by %s, and leaves nothing', async (_, length) => {
      const crc32cGenerator = () => new CRC32C(1)
      const mistaken = storeIn(bucket, { config: { ...config, crc32cGenerator } })
      const write = mistaken.writeAttachment('other', inPieces(Buffer.alloc(length)), context)
      await expect(write).rejects.toMatchObject({ code: 'checksum_mismatch' })
      expect(await store.headAttachment('other', context)).toBeUndefined()
    })

    test('keeps the name beside the bytes', async () => {
      await store.writeAttachment('named', Buffer.from('x'), context, { name: 'Übung "1" 😀.pdf' })
      onTestFinished(() => store.deleteAttachment('named', context))
      const [{ metadata }] = await client.bucket(bucket).file('tenant/named').getMetadata()
      expect(decodeURIComponent(String(metadata?.name))).toBe('Übung "1" 😀.pdf')
    })

    test.each([
      ['is aborted', (abort: AbortController) => abort.abort()],
      ['has a stream that fails', () => Promise.reject(new Error('the client is gone'))],
    ])('that %s ends its request, and leaves nothing', async (_, fail) => {
      const abort = new AbortController()
      const [to, from] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()]
      const silent = createServer((request) => {
        request.on('close', () => from.resolve(request.complete)).on('error', () => {})
        request.once('data', () => to.resolve()).resume()
      })
      await once(silent.listen(0, '127.0.0.1'), 'listening')
      onTestFinished(() => void silent.close())
      const apiEndpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
      async function* broken() {
        yield* inPieces(Buffer.alloc(9 * mib))
        await to.promise
        await fail(abort)
        yield Buffer.alloc(mib)
      }
      const { signal } = abort
      for (const place of [{ apiEndpoint }, {}]) {
        const attachments = storeIn(bucket, { config: { ...config, ...place } })
        const write = attachments.writeAttachment('broken', broken(), context, { signal })
        await expect(write).rejects.toMatchObject({ code: 'aborted' })
      }
      expect(await from.promise, 'the whole request arrived').toBe(false)
      expect(await store.headAttachment('broken', context)).toBeUndefined()
    })
  })

  test('a client of version 7 does it all', async () => {
    const { credentials, ...place } = config
    const old = storeIn(bucket, { client: new Storage7({ ...place, credentials }) as unknown as Storage })
    const { id, upload_descriptor } = await old.createAttachment(
      { name: 'a.txt', size: 5, mime_type: 'text/plain' },
      context,
    )
    const { url: to = '', ...request } = upload_descriptor ?? {}
    expect((await fetch(to, { ...request, body: 'hello' })).status).toBe(200)
    await old.writeAttachment('large', inPieces(Buffer.alloc(9 * mib)), context)
    const { body } = await old.readAttachment(id, context, { range: { start: 1, end: 3 } })
    expect(await new Response(body).text()).toBe('ell')
    expect(await (await fetch(await old.attachmentUrl(id, context))).text()).toBe('hello')
    for (const one of [id, 'large']) await old.deleteAttachment(one, context)
    expect(await old.headAttachment('large', context)).toBeUndefined()
    await old.close()
    await expect(old.ping()).rejects.toMatchObject({ code: 'configuration' })
  })

  test('a reader who stops ends nobody else’s read', async () => {
    const bytes = Buffer.alloc(8 * mib, 'read by two')
    await store.writeAttachment('two', bytes, context)
    onTestFinished(() => store.deleteAttachment('two', context))
    const [first, second] = await Promise.all([1, 2].map(() => store.readAttachment('two', context)))
    const reader = first?.body.getReader()
    await reader?.read()
    const rest = second?.body.getReader()
    const start = await rest?.read()
    await reader?.cancel()
    let length = start?.value?.byteLength ?? 0
    for (let next = await rest?.read(); next?.value; next = await rest?.read()) length += next.value.byteLength
    expect(length).toBe(bytes.byteLength)
  })

  test('what was uploaded with a content-encoding is read as it was stored', async () => {
    const bytes = gzipSync('hello')
    const upload = await store.createAttachment(
      { name: 'a.txt', size: bytes.byteLength, mime_type: 'text/plain' },
      context,
    )
    onTestFinished(() => store.deleteAttachment(upload.id, context))
    const { url: to = '', headers } = upload.upload_descriptor ?? {}
    const sent = await fetch(to, { method: 'PUT', headers: { ...headers, 'content-encoding': 'gzip' }, body: bytes })
    expect(sent.status).toBe(200)
    const content = await store.readAttachment(upload.id, context)
    expect(content.size).toBe(bytes.byteLength)
    expect(Buffer.from(await new Response(content.body).arrayBuffer()).equals(bytes)).toBe(true)
  })

  test('a deletion names each generation, so that versions go for good', async () => {
    const deleted: string[] = []
    const items = [1, 2].map((generation) => ({ name: 'tenant/atc_1', generation: String(generation) }))
    // A bucket with versions: fake-gcs-server has them, but ignores which one is to be deleted.
    const versioned = createServer(({ method, url: path = '' }, response) => {
      if (method === 'DELETE') deleted.push(path)
      response.setHeader('content-type', 'application/json')
      response.writeHead(method === 'DELETE' ? 204 : 200).end(method === 'DELETE' ? '' : JSON.stringify({ items }))
    })
    await once(versioned.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void versioned.close())
    const apiEndpoint = `http://127.0.0.1:${(versioned.address() as AddressInfo).port}`
    await storeIn(bucket, { config: { ...config, apiEndpoint } }).deleteAttachment('atc_1', context)
    const path = `/storage/v1/b/${bucket}/o/${encodeURIComponent('tenant/atc_1')}?generation=`
    expect(deleted).toEqual([`${path}1`, `${path}2`])
  })

  test('a deletion takes no other object along', async () => {
    for (const name of ['atc_1', 'atc_10', 'atc_']) await store.writeAttachment(name, Buffer.from('1'), context)
    await store.deleteAttachment('atc_1', context)
    await store.deleteAttachment('atc_1', context)
    const [files] = await client.bucket(bucket).getFiles()
    expect(files.map(({ name }) => name)).toEqual(['tenant/atc_', 'tenant/atc_10'])
    for (const name of ['atc_10', 'atc_']) await store.deleteAttachment(name, context)
  })

  describe('what is wrong is told by its code, without secrets:', () => {
    const stranger = gcsOptions(new ServiceAccount().urlAt('http://127.0.0.1')).credentials
    const nobody = { apiEndpoint: 'http://127.0.0.1:1', retryOptions: { autoRetry: false } }
    const faults: [name: string, code: string, bucket: string | null, change: StorageOptions, minutes: number][] = [
      ['no bucket', 'configuration', 'threadkeep-there-is-none', {}, 0],
      ['a wrong key', 'configuration', null, { credentials: stranger }, 0],
      ['no key', 'configuration', null, { credentials: { ...stranger, private_key: 'no key' } }, 0],
      ['no key file', 'configuration', null, { keyFilename: '/there/is/none.json' }, 0],
      ['a clock that is 20 minutes ahead', 'configuration', null, {}, 20],
      ['nobody listens', 'unavailable', null, nobody, 0],
    ]
    test.each(faults)('%s', async (_, code, other, change, minutes) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
      onTestFinished(() => void vi.useRealTimers())
      const calls: ((wrong: GCSAttachmentStore<string>) => Promise<unknown>)[] = [
        (wrong) => wrong.ping(),
        (wrong) => wrong.headAttachment(id, context),
        (wrong) => wrong.readAttachment(id, context),
        (wrong) => wrong.writeAttachment(id, Buffer.from('x'), context),
        (wrong) => wrong.writeAttachment(id, Buffer.alloc(9 * mib), context),
        (wrong) => wrong.deleteAttachment(id, context),
        (wrong) => wrong.attachmentUrl(id, context),
      ]
      const { credentials: own, ...place } = config
      const credentials = change.keyFilename === undefined ? { credentials: own } : {}
      const wrong = storeIn(other ?? bucket, { config: { ...place, ...credentials, ...change } })
      onTestFinished(() => wrong.close())
      for (const [index, call] of calls.entries()) {
        const error = await call(wrong).then(
          () => expect.fail(`call ${index} did not fail`),
          (reason: Error) => reason,
        )
        expect(error, `call ${index}`).toMatchObject({ name: 'StorageError', code })
        for (const { private_key } of [own, stranger]) expect(error.message).not.toContain(private_key.slice(50, 100))
      }
    })
  })
})

/** Pieces of a MiB. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += mib) yield bytes.subarray(start, start + mib)
}
