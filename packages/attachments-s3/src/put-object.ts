import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { PutObjectCommand, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { peekBody } from '@threadkeep/core/driver'

/** Of what is longer, this much is in memory for each part under way. */
const partBytes = 8 * 1024 * 1024

interface StoredObject {
  readonly ETag: string | undefined
  /** In bytes. */
  readonly size: number
  /** Lowercase hex. */
  readonly sha256: string
}

/** One request for what fits a part, else parts that become an object with the last request, or are removed. */
export async function putObject(
  client: S3Client,
  params: PutObjectCommandInput,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | null,
): Promise<StoredObject> {
  const hash = createHash('sha256')
  let size = 0
  async function* measured() {
    for await (const chunk of body) {
      hash.update(chunk)
      size += chunk.byteLength
      yield chunk
    }
  }
  const whole = await peekBody(measured(), partBytes)
  const { ETag } = whole.isShort
    ? await putWhole(client, { ...params, Body: Buffer.concat(await Array.fromAsync(whole.body)) }, signal)
    : await putParts(client, { ...params, Body: Readable.from(whole.body) }, signal)
  return { ETag, size, sha256: hash.digest('hex') }
}

/** An upload of one part would go on after an abort, and store the object. */
function putWhole(client: S3Client, params: PutObjectCommandInput, signal: AbortSignal | null) {
  return client.send(new PutObjectCommand(params), { ...(signal && { abortSignal: signal }) })
}

async function putParts(client: S3Client, params: PutObjectCommandInput, signal: AbortSignal | null) {
  const upload = new Upload({ client, params, partSize: partBytes, queueSize: 2 })
  const abort = () => void upload.abort()
  signal?.addEventListener('abort', abort)
  try {
    return await upload.done()
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
