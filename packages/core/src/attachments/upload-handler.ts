import { createHash } from 'node:crypto'
import type { Calls } from '../policy/calls.ts'
import { StorageError } from '../policy/errors.ts'
import { mediaType } from '../policy/media-types.ts'
import type { BlobDriver } from './blob-driver.ts'
import { type FormFile, maxFormOverhead, readFormFile } from './form-file.ts'
import { Refusal } from './refusal.ts'
import { UploadBody } from './upload-body.ts'
import type { UploadGrant } from './url-signer.ts'

/** Takes signed uploads: exactly the announced bytes are stored, once, or nothing. */
export class UploadHandler {
  readonly #driver: BlobDriver
  readonly #calls: Calls
  readonly #timeoutMs: number

  constructor(driver: BlobDriver, calls: Calls, timeoutMs: number) {
    this.#driver = driver
    this.#calls = calls
    this.#timeoutMs = timeoutMs
  }

  /** What can be refused is refused before the body is read. */
  async answer(request: Request, grant: UploadGrant): Promise<Response> {
    const { key, size, type } = grant
    if (request.method === 'PUT') checkRaw(request.headers, grant)
    else checkFormSize(request.headers, grant)
    if (await this.#calls.run('headAttachment', () => this.#driver.head(key))) throw uploaded()
    const file = await fileOf(request)
    checkType(file.type, type)
    const body = new UploadBody(exactly(file.bytes, grant), {
      maxBytes: size,
      timeoutMs: this.#timeoutMs,
      what: `${this.#driver.name}: writeAttachment`,
      signal: request.signal,
    })
    const info = await this.#calls.runWithoutDeadline('writeAttachment', () =>
      body.run(() => this.#driver.write(key, body.stream, { type, name: null, size, signal: body.signal })),
    )
    return new Response(null, { status: 201, headers: { 'content-length': '0', etag: `"${info.etag}"` } })
  }
}

function checkRaw(headers: Headers, { size, type }: UploadGrant): void {
  const length = headers.get('content-length')
  if (length === null) throw new Refusal(411, 'invalid_argument', 'Content-Length is missing')
  if (length !== String(size)) throw wrongSize(Number(length), size)
  checkType(headers.get('content-type'), type)
}

function checkFormSize(headers: Headers, { size }: UploadGrant): void {
  const length = Number(headers.get('content-length') ?? 0)
  if (length > size + maxFormOverhead) throw wrongSize(length, size)
}

function checkType(given: string | null, announced: string): void {
  if (given !== null && essence(given) === announced) return
  throw new Refusal(415, 'unsupported_type', `Content-Type must be ${announced}, as it was announced`)
}

function essence(type: string): string | undefined {
  try {
    return mediaType(type)
  } catch {
    return undefined
  }
}

async function fileOf(request: Request): Promise<FormFile> {
  const type = request.headers.get('content-type') ?? ''
  const bytes = bytesOf(request.body)
  return request.method === 'PUT' ? { type, bytes } : readFormFile(type, bytes)
}

async function* exactly(bytes: AsyncIterable<Uint8Array>, grant: UploadGrant): AsyncGenerator<Uint8Array> {
  const hash = grant.sha256 === null ? undefined : createHash('sha256')
  let count = 0
  for await (const chunk of bytes) {
    count += chunk.byteLength
    hash?.update(chunk)
    yield chunk
  }
  if (count !== grant.size) throw wrongSize(count, grant.size)
  if (hash && hash.digest('hex') !== grant.sha256) {
    throw new StorageError('checksum_mismatch', 'the bytes have another sha256 than was announced')
  }
}

/** What a refusal leaves unread is not cancelled: many servers would close the connection before they answer. */
async function* bytesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) yield next.value
  } finally {
    reader?.releaseLock()
  }
}

function wrongSize(given: number, announced: number): Refusal {
  const code = given > announced ? 'too_large' : 'invalid_argument'
  return new Refusal(413, code, `the upload must have exactly ${announced} bytes, as announced`)
}

function uploaded(): StorageError {
  return new StorageError('conflict', 'the bytes were uploaded already')
}
