import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { createS3Bucket, s3Options } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'
import type { S3AttachmentStore } from './index.ts'

const context = 'tenant'
const mib = 2 ** 20
const id = 'atc_1'

await describeOn('s3', ({ url }) => {
  const config = s3Options(url)
  const client = new S3Client({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' })
  let Bucket = ''
  let store: S3AttachmentStore<string>
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name: Bucket, drop } = await createS3Bucket(url))
    store = storeIn(Bucket, { client })
  })
  afterAll(async () => {
    await store.close()
    await drop()
    client.destroy()
  })
  const partsLeft = async () => (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []

  describe('a write in parts', () => {
    test('becomes one object with the checksum of the whole', async () => {
      const bytes = Buffer.alloc(20 * mib + 1, 'three parts')
      const { sha256, size } = await store.writeAttachment('parts', inPieces(bytes), context, { type: 'video/mp4' })
      expect(size).toBe(bytes.byteLength)
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      const content = await store.readAttachment('parts', context)
      expect(content).toMatchObject({ size, type: 'video/mp4', etag: expect.stringMatching(/^[0-9a-f]{32}-3$/) })
      expect(Buffer.from(await new Response(content.body).arrayBuffer()).equals(bytes)).toBe(true)
      await expect(store.writeAttachment('parts', inPieces(bytes), context)).rejects.toMatchObject({ code: 'conflict' })
      expect(await partsLeft()).toEqual([])
    })

    test('leaves neither object nor parts when its stream fails', async () => {
      const failing = inPieces(Buffer.alloc(20 * mib), () => {
        throw new Error('the client is gone')
      })
      await expect(store.writeAttachment('fails', failing, context)).rejects.toMatchObject({ code: 'aborted' })
      expect(await partsLeft()).toEqual([])
      expect(await store.headAttachment('fails', context)).toBeUndefined()
    })

    test('leaves neither object nor parts when it is aborted', async () => {
      const abort = new AbortController()
      const { signal } = abort
      const aborted = inPieces(Buffer.alloc(20 * mib), () => abort.abort())
      await expect(store.writeAttachment('aborted', aborted, context, { signal })).rejects.toMatchObject({
        code: 'aborted',
      })
      await expect.poll(partsLeft).toEqual([])
      expect(await store.headAttachment('aborted', context)).toBeUndefined()
    })
  })

  test.each([
    ['a name is kept beside the bytes', 'Übung "1" 😀.pdf', 'Übung "1" 😀.pdf'],
    ['a name too long for metadata loses its end', 'ü'.repeat(512), 'ü'.repeat(316)],
  ])('%s', async (_, name, kept) => {
    await store.writeAttachment('named', Buffer.from('x'), context, { name })
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: 'tenant/named' }))
    expect(decodeURIComponent(Metadata?.name ?? '')).toBe(kept)
    await store.deleteAttachment('named', context)
  })

  test('an abort ends the request that would store the object', async () => {
    const abort = new AbortController()
    const silent = createServer(async (request) => {
      for await (const _ of request.on('close', () => ended.resolve()));
      abort.abort()
    })
    const ended = Promise.withResolvers<void>()
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const slow = storeIn(Bucket, { config: { ...config, endpoint: `http://127.0.0.1:${port}` } })
    const { signal } = abort
    await expect(slow.writeAttachment(id, Buffer.from('x'), context, { signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    await ended.promise
  })

  test('a deletion takes all versions along, and those of no other object', async ({ skip }) => {
    const versioned = await createS3Bucket(url)
    onTestFinished(versioned.drop)
    const at = { Bucket: versioned.name }
    const enable = new PutBucketVersioningCommand({ ...at, VersioningConfiguration: { Status: 'Enabled' } })
    await client.send(enable).catch((error: Error) => {
      if (!['NotImplemented', 'VersioningNotConfigured'].includes(error.name)) throw error
      skip('this service keeps no versions')
    })
    const attachments = storeIn(versioned.name, { client })
    for (const name of ['atc_1', 'atc_10', 'atc_']) await attachments.writeAttachment(name, Buffer.from('1'), context)
    await client.send(new PutObjectCommand({ ...at, Key: 'tenant/atc_1', Body: 'of somebody else' }))
    await attachments.deleteAttachment('atc_1', context)
    await attachments.deleteAttachment('atc_1', context)
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand(at))
    expect(Versions.map(({ Key }) => Key)).toEqual(['tenant/atc_', 'tenant/atc_10'])
    expect(DeleteMarkers).toEqual([])
    for (const name of ['atc_10', 'atc_']) await attachments.deleteAttachment(name, context)
  })

  test('a client of the caller is not closed', async () => {
    const borrower = storeIn(Bucket, { client })
    await borrower.close()
    await expect(borrower.ping()).rejects.toMatchObject({ code: 'configuration' })
    await client.send(new HeadBucketCommand({ Bucket }))
  })

  describe('what is wrong is told by its code, without secrets:', () => {
    const { accessKeyId, secretAccessKey } = config.credentials
    const wrongSecret = 'a wrong secret that nobody may see'
    const faults: [name: string, code: string, bucket: string | null, change: S3ClientConfig][] = [
      ['no bucket', 'configuration', 'threadkeep-there-is-none', {}],
      ['a wrong key', 'configuration', null, { credentials: { accessKeyId: 'nobody', secretAccessKey } }],
      ['a wrong secret', 'configuration', null, { credentials: { accessKeyId, secretAccessKey: wrongSecret } }],
      ['a clock that is 20 minutes off', 'configuration', null, { systemClockOffset: 20 * 60_000, maxAttempts: 1 }],
      ['nobody listens', 'unavailable', null, { endpoint: 'http://127.0.0.1:1' }],
    ]
    test.each(faults)('%s', async (_, code, bucket, change) => {
      const calls: ((wrong: S3AttachmentStore<string>) => Promise<unknown>)[] = [
        (wrong) => wrong.ping(),
        (wrong) => wrong.headAttachment(id, context),
        (wrong) => wrong.readAttachment(id, context),
        (wrong) => wrong.writeAttachment(id, Buffer.from('x'), context),
        (wrong) => wrong.writeAttachment(id, Buffer.alloc(9 * mib), context),
        (wrong) => wrong.deleteAttachment(id, context),
        (wrong) => wrong.attachmentUrl(id, context),
      ]
      for (const [index, call] of calls.entries()) {
        // The SDK learns what time it is from the first answer.
        const wrong = storeIn(bucket ?? Bucket, { config: { ...config, ...change } })
        onTestFinished(() => wrong.close())
        const error = await call(wrong).then(
          () => expect.fail(`call ${index} did not fail`),
          (reason: Error) => reason,
        )
        expect(error, `call ${index}`).toMatchObject({ name: 'StorageError', code })
        for (const secret of [secretAccessKey, wrongSecret, accessKeyId]) expect(error.message).not.toContain(secret)
      }
    })
  })
})

/** Pieces of a MiB; `end` runs before the last one. */
async function* inPieces(bytes: Buffer, end = () => {}): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += mib) {
    if (start + mib >= bytes.byteLength) end()
    yield bytes.subarray(start, start + mib)
  }
}
