import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { FileMetadata, Storage } from '@google-cloud/storage'
import { StorageError } from '@threadkeep/core'
import { peekBody } from '@threadkeep/core/driver'
import { send } from './authorized-request.ts'

/** Of what is longer, no checksum is known when the request begins. */
const knownBytes = 8 * 1024 * 1024

interface ObjectToPut {
  readonly bucket: string
  readonly key: string
  readonly type: string
  readonly name: string | null
}

/**
 * One request, however long the body is: with its last byte the object is there, and without it nothing is. Where the
 * service could not compare the checksum before it stored the object, we do, and remove one that is not what was sent.
 */
export async function putObject(
  client: Storage,
  { bucket, key, type, name }: ObjectToPut,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | null,
): Promise<FileMetadata> {
  const hash = createHash('sha256')
  const crc32c = client.crc32cGenerator()
  async function* measured() {
    for await (const chunk of body) {
      hash.update(chunk)
      crc32c.update(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      yield chunk
    }
  }
  const whole = await peekBody(measured(), knownBytes)
  const own = { ...(name !== null && { name: encodeURIComponent(name) }) }
  const withSums = () => ({ crc32c: crc32c.toString(), metadata: { ...own, sha256: hash.copy().digest('hex') } })
  const resource = { contentType: type, ...(whole.isShort ? withSums() : { metadata: own }) }
  const boundary = randomUUID()
  const answer = await send(client, {
    method: 'POST',
    path: `/upload/storage/v1/b/${bucket}/o`,
    query: { uploadType: 'multipart', name: key, ifGenerationMatch: '0' },
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Readable.from(multipart(boundary, resource, whole.body)),
    signal,
  })
  const stored = (await json(answer)) as FileMetadata
  const sums = withSums()
  if (stored.crc32c === sums.crc32c) return { ...stored, ...sums }
  await client
    .bucket(bucket)
    .file(key, { generation: stored.generation ?? 0 })
    .delete()
  throw new StorageError('checksum_mismatch', 'gcs: other bytes were stored than were sent')
}

async function* multipart(boundary: string, resource: FileMetadata, body: AsyncGenerator<Uint8Array>) {
  yield `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(resource)}\r\n`
  yield `--${boundary}\r\ncontent-type: ${resource.contentType}\r\n\r\n`
  yield* body
  yield `\r\n--${boundary}--\r\n`
}
