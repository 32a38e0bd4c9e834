import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Bucket, File, FileMetadata, GetSignedUrlConfig, Storage } from '@google-cloud/storage'
import type { BlobContent, BlobInfo, Finding, UploadDescriptor } from '@threadkeep/core'
import {
  type BlobDriver,
  type DownloadRequest,
  probeBlobs,
  type ReadOptions,
  rangeHeader,
  signingWindow,
  type UploadClaims,
  type WriteOptions,
} from '@threadkeep/core/driver'
import { adviceOn, adviceOnCode } from './advice.ts'
import { send } from './authorized-request.ts'
import { classify, connect, type GCSClientOptions, isMissing, signingFault } from './gcs-client.ts'
import { putObject } from './put-object.ts'

interface GCSDriverOptions extends GCSClientOptions {
  readonly bucket: string
  /** For `check` alone. */
  readonly prefix?: string
  readonly origins?: readonly string[]
}

/** The commands of an attachment store in a bucket. */
export class GCSDriver implements BlobDriver {
  readonly name = 'gcs'
  /** Of checksums, a signed upload can be bound to an MD5 or a CRC32C alone. */
  readonly enforces = { size: true, type: true, checksum: false, createOnly: true }
  readonly classify: typeof classify = classify
  readonly #client: Storage
  readonly #bucket: Bucket
  readonly #options: GCSDriverOptions

  constructor(options: GCSDriverOptions) {
    this.#client = connect(options)
    this.#bucket = this.#client.bucket(options.bucket)
    this.#options = options
  }

  async signUpload(key: string, { size, type, expiresAt }: UploadClaims): Promise<UploadDescriptor> {
    const headers = {
      'content-type': type,
      'x-goog-content-length-range': `${size},${size}`,
      'x-goog-if-generation-match': '0',
    }
    const url = await this.#sign(key, { action: 'write', extensionHeaders: headers }, expiresAt)
    return { url, method: 'PUT', headers }
  }

  signDownload(key: string, { disposition, type, expiresAt }: DownloadRequest): Promise<string> {
    return this.#sign(key, { action: 'read', responseDisposition: disposition, responseType: type }, expiresAt)
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const found = await this.#file(key).getMetadata().catch(isMissing)
    // The answer is the same when there is no bucket.
    if (!found) await this.ping()
    return found && toInfo(found[0])
  }

  /** By the XML API, which tells the metadata with the bytes; the JSON API would have to be asked for it before. */
  async read(key: string, { range, signal }: ReadOptions): Promise<BlobContent | undefined> {
    const path = `/${this.#options.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
    // What somebody stored with a content-encoding comes as it was stored.
    const headers = { 'accept-encoding': 'gzip', ...(range && { range: rangeHeader(range) }) }
    const answer = await send(this.#client, { method: 'GET', path, headers, signal }).catch(isMissing)
    if (!answer) return this.ping().then(() => undefined)
    return { ...infoOf(answer.headers), body: Readable.toWeb(answer) as BlobContent['body'] }
  }

  async write(key: string, body: ReadableStream<Uint8Array>, { type, name, signal }: WriteOptions): Promise<BlobInfo> {
    const { bucket } = this.#options
    return toInfo(await putObject(this.#client, { bucket, key, type, name }, body, signal))
  }

  /** A generation that is named goes for good; without naming it, a bucket with versions would only hide it. */
  async delete(key: string): Promise<void> {
    // No key has a character that sorts before `-`: from the key to this end there is only the key itself.
    const [generations] = await this.#bucket.getFiles({ startOffset: key, endOffset: `${key} `, versions: true })
    for (const file of generations) await file.delete({ ignoreNotFound: true })
  }

  async list(prefix: string, { after, limit }: { after: string | null; limit: number }): Promise<string[]> {
    // The offset is part of what is listed.
    const range = after === null ? { maxResults: limit } : { startOffset: after, maxResults: limit + 1 }
    const [files] = await this.#bucket.getFiles({ prefix, ...range })
    const keys = files.map(({ name }) => name).filter((key) => key !== after)
    return keys.slice(0, limit)
  }

  /** Asks for what every account that may use the objects may see. */
  async ping(): Promise<void> {
    await this.#bucket.getFiles({ maxResults: 1 })
  }

  check(): Promise<Finding[]> {
    const { prefix, origins } = this.#options
    const corsSetting = "the bucket's CORS configuration"
    return probeBlobs(this, { prefix, origins, corsSetting, explain: adviceOn, explainRefusal: adviceOnCode })
  }

  #file(key: string): File {
    return this.#bucket.file(key)
  }

  async #sign(key: string, claims: Omit<GetSignedUrlConfig, 'expires'>, expiresAt: Date): Promise<string> {
    const { signedAt } = signingWindow(expiresAt)
    const config = { ...claims, version: 'v4', accessibleAt: signedAt, expires: expiresAt } as const
    const [url] = await this.#file(key).getSignedUrl(config).catch(signingFault)
    return url
  }
}

function infoOf(headers: IncomingHttpHeaders): BlobInfo {
  const header = (name: string) => headers[name]?.toString() ?? ''
  const size = headers['content-range']?.split('/')[1] ?? header('content-length')
  const metadata = { sha256: header('x-goog-meta-sha256') }
  return toInfo({ size, contentType: header('content-type'), generation: header('x-goog-generation'), metadata })
}

/** The generation stands for the bytes: the service's own etag changes with the metadata too. */
function toInfo({ size = 0, contentType = '', generation = '', metadata }: FileMetadata): BlobInfo {
  const info = { size: Number(size), type: contentType, etag: String(generation) }
  return metadata?.sha256 ? { ...info, sha256: String(metadata.sha256) } : info
}
