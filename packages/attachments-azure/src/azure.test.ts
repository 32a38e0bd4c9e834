import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { azureConnectionString, azureOptions, createAzureContainer, startTcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { serve } from '@threadkeep/conformance'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { storeIn } from '../test/store-in-a-container.ts'
import type { AzureAttachmentStore } from './index.ts'

const context = 'tenant'
const mib = 2 ** 20
const id = 'atc_1'

await describeOn('azure', ({ url }) => {
  const { endpoint } = azureOptions(url)
  const client = BlobServiceClient.fromConnectionString(azureConnectionString(url))
  let name = ''
  let container: ContainerClient
  let store: AzureAttachmentStore<string>
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name, drop } = await createAzureContainer(url))
    container = client.getContainerClient(name)
    store = storeIn(name, { client })
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })
  /** Every blob with a prefix, also those of which there are only blocks. */
  const everything = async (prefix: string) => {
    const blobs = await Array.fromAsync(container.listBlobsFlat({ prefix, includeUncommitedBlobs: true }))
    return blobs.map((blob) => blob.name)
  }

  describe('a write in blocks', () => {
    test('becomes one blob with the checksum of the whole', async () => {
      const bytes = Buffer.alloc(20 * mib + 1, 'six blocks')
      const { sha256, size } = await store.writeAttachment('blocks', inPieces(bytes), context, { type: 'video/mp4' })
      expect(size).toBe(bytes.byteLength)
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      const blob = container.getBlockBlobClient('tenant/blocks')
      expect((await blob.getBlockList('committed')).committedBlocks).toHaveLength(6)
      expect((await blob.getProperties()).metadata).toMatchObject({ sha256 })
      const content = await store.readAttachment('blocks', context)
      expect(content).toMatchObject({ size, type: 'video/mp4' })
      expect(Buffer.from(await new Response(content.body).arrayBuffer()).equals(bytes)).toBe(true)
      await expect(store.writeAttachment('blocks', inPieces(bytes), context)).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    test('leaves neither blob nor blocks when its stream fails', async () => {
      const failing = inPieces(Buffer.alloc(20 * mib), () => {
        throw new Error('the client is gone')
      })
      await expect(store.writeAttachment('fails', failing, context)).rejects.toMatchObject({ code: 'aborted' })
      expect(await everything('tenant/fails')).toEqual([])
    })

    test('leaves neither blob nor blocks when it is aborted', async () => {
      const abort = new AbortController()
      const { signal } = abort
      const aborted = inPieces(Buffer.alloc(20 * mib), () => abort.abort())
      await expect(store.writeAttachment('aborted', aborted, context, { signal })).rejects.toMatchObject({
        code: 'aborted',
      })
      await expect.poll(() => everything('tenant/aborted')).toEqual([])
    })

    test('does not touch what somebody else stored meanwhile', async () => {
      const blob = container.getBlockBlobClient('tenant/raced')
      const raced = inPieces(Buffer.alloc(20 * mib), () => blob.upload('first', 5))
      await expect(store.writeAttachment('raced', raced, context)).rejects.toMatchObject({ code: 'conflict' })
      expect((await blob.downloadToBuffer()).toString()).toBe('first')
    })

    test('may be tried again when somebody else discarded its blocks', async () => {
      const blob = container.getBlockBlobClient('tenant/discarded')
      const discarded = inPieces(Buffer.alloc(20 * mib), async () => {
        await expect.poll(() => everything('tenant/discarded')).toEqual(['tenant/discarded'])
        await blob.commitBlockList([])
        await blob.delete()
      })
      await expect(store.writeAttachment('discarded', discarded, context)).rejects.toMatchObject({
        code: 'unavailable',
        retryable: true,
      })
      expect(await everything('tenant/discarded')).toEqual([])
    })
  })

  describe('a write whose answer is lost', () => {
    test.each([
      ['in one request', 1],
      ['in blocks', 9],
    ])('and that the SDK sends again is no conflict with itself: %s', async (_, size) => {
      const proxy = await startTcpProxy(new URL(endpoint))
      onTestFinished(() => proxy.close())
      const lossy = endpoint.replace(/:\d+\//, `:${proxy.port}/`)
      const sender = storeIn(name, { connectionString: azureConnectionString(url, { endpoint: lossy }) })
      const bytes = Buffer.alloc(size * mib, 'x')
      const lose = async () => {
        proxy.lose('replies')
        await proxy.nextLoss()
        proxy.lose()
        proxy.cut()
      }
      let lost = Promise.resolve()
      const last = inPieces(bytes, () => {
        lost = lose()
      })
      const { etag } = await sender.writeAttachment(`lost-${size}`, last, context)
      await lost
      expect(await store.headAttachment(`lost-${size}`, context)).toMatchObject({ etag, size: bytes.byteLength })
    })
  })

  test('a name is kept beside the bytes', async () => {
    const long = `Übung "1" 😀${'ü'.repeat(500)}.pdf`
    await store.writeAttachment('named', Buffer.from('x'), context, { name: long })
    const { metadata } = await container.getBlobClient('tenant/named').getProperties()
    expect(decodeURIComponent(metadata?.name ?? '')).toBe(long)
  })

  test('bytes that the service is still copying are not there yet', async () => {
    await store.writeAttachment('copied', Buffer.from('half of them'), context)
    const { origin, pathname } = new URL(endpoint)
    const copying = await serve(async (request) => {
      const { pathname, search } = new URL(request.url)
      const answer = await fetch(`${origin}${pathname}${search}`, { method: request.method, headers: request.headers })
      const headers = new Headers(answer.headers)
      headers.set('x-ms-copy-status', 'pending')
      return new Response(answer.body, { status: answer.status, headers })
    })
    onTestFinished(() => copying.close())
    const early = storeIn(name, {
      connectionString: azureConnectionString(url, { endpoint: `${copying.url}${pathname}` }),
    })
    expect(await early.headAttachment('copied', context)).toBeUndefined()
    await expect(early.readAttachment('copied', context)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('an abort ends the request that would store the blob', async () => {
    const abort = new AbortController()
    const silent = createServer(async (request) => {
      for await (const _ of request.on('close', () => ended.resolve()));
      abort.abort()
    })
    const ended = Promise.withResolvers<void>()
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const slow = storeIn(name, {
      connectionString: azureConnectionString(url, { endpoint: `http://127.0.0.1:${port}/account` }),
    })
    const { signal } = abort
    await expect(slow.writeAttachment(id, Buffer.from('x'), context, { signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    await ended.promise
  })

  test('a deletion takes snapshots along, and those of no other blob', async () => {
    for (const one of ['atc_1', 'atc_10']) await store.writeAttachment(one, Buffer.from('1'), context)
    await container.getBlockBlobClient('tenant/atc_1').createSnapshot()
    await store.deleteAttachment('atc_1', context)
    await store.deleteAttachment('atc_1', context)
    const kept = await Array.fromAsync(container.listBlobsFlat({ prefix: 'tenant/atc_1', includeSnapshots: true }))
    expect(kept.map((blob) => blob.name)).toEqual(['tenant/atc_10'])
  })

  test('a deletion takes all versions along, and those of no other blob', async ({ skip }) => {
    for (const one of ['v_1', 'v_10']) await store.writeAttachment(one, Buffer.from('1'), context)
    const blob = container.getBlockBlobClient('tenant/v_1')
    const { versionId } = await blob.upload('2', 1)
    if (versionId === undefined) skip('this account keeps no versions')
    await store.deleteAttachment('v_1', context)
    const kept = await Array.fromAsync(container.listBlobsFlat({ prefix: 'tenant/v_1', includeVersions: true }))
    expect(kept.map((blob) => blob.name)).toEqual(['tenant/v_10'])
  })
})

/** Pieces of a MiB; `end` runs before the last one. */
async function* inPieces(bytes: Buffer, end: () => unknown = () => {}): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += mib) {
    if (start + mib >= bytes.byteLength) await end()
    yield bytes.subarray(start, start + mib)
  }
}
