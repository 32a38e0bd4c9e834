import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GcsRefusal } from './gcs-refusal.ts'

/** Where an object goes. */
export interface ObjectPlace {
  readonly bucket: string
  readonly key: string
}

/**
 * Stores the body of a PUT of the XML API, by one request of the JSON API, which fake-gcs-server holds to the generation
 * and reads whole before it stores anything. What breaks off, or has another length than allowed, breaks that off too.
 */
export async function uploadObject(
  backend: URL,
  { bucket, key }: ObjectPlace,
  body: IncomingMessage,
): Promise<IncomingMessage> {
  const { headers } = body
  const range = lengthRange(headers)
  const declared = headers['content-length']
  if (declared !== undefined) range.check(Number(declared))
  const target = new URL(`/upload/storage/v1/b/${bucket}/o`, backend)
  target.searchParams.set('uploadType', 'multipart')
  target.searchParams.set('name', key)
  const generation = headers['x-goog-if-generation-match']
  if (generation !== undefined) target.searchParams.set('ifGenerationMatch', String(generation))
  const boundary = randomUUID()
  const upload = send(target, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
  })
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>
  answered.catch(() => {}) // the pipeline tells it too
  await pipeline(Readable.from(multipart(boundary, headers, range.counted(body))), upload)
  const [answer] = await answered
  return answer
}

async function* multipart(boundary: string, headers: IncomingHttpHeaders, body: AsyncIterable<Uint8Array>) {
  const type = headers['content-type'] ?? 'application/octet-stream'
  yield `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(metadataOf(headers))}\r\n`
  yield `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`
  yield* body
  yield `\r\n--${boundary}--\r\n`
}

function metadataOf(headers: IncomingHttpHeaders): object {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-goog-meta-'))
  return {
    contentEncoding: headers['content-encoding'],
    contentDisposition: headers['content-disposition'],
    contentLanguage: headers['content-language'],
    cacheControl: headers['cache-control'],
    metadata: Object.fromEntries(own.map(([name, value]) => [name.slice('x-goog-meta-'.length), value])),
  }
}

/** Of `x-goog-content-length-range: least,most`, in bytes. */
function lengthRange(headers: IncomingHttpHeaders) {
  const [least = 0, most = Number.POSITIVE_INFINITY] =
    headers['x-goog-content-length-range']?.toString().split(',').map(Number) ?? []
  const check = (length: number) => {
    if (length > most) throw new GcsRefusal(400, 'EntityTooLarge', 'the upload is longer than allowed')
    if (length < least) throw new GcsRefusal(400, 'EntityTooSmall', 'the upload is shorter than allowed')
  }
  async function* counted(body: IncomingMessage) {
    let length = 0
    // Whoever is refused gets an answer first.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      length += chunk.byteLength
      if (length > most) check(length)
      yield chunk
    }
    check(length)
  }
  return { check, counted }
}
