import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
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
import { putObject } from './put-object.ts'
import { checkSigned, classify, connect, isMissing, type S3ClientOptions } from './s3-client.ts'

const signedHeaders = ['host', 'content-type', 'content-length', 'if-none-match', 'x-amz-checksum-sha256']

interface S3DriverOptions extends S3ClientOptions {
  readonly bucket: string
  /** For `check` alone. */
  readonly prefix?: string
  readonly origins?: readonly string[]
}

/** The commands of an attachment store in a bucket. */
export class S3Driver implements BlobDriver {
  readonly name = 's3'
  readonly enforces = { size: true, type: true, checksum: true, createOnly: true }
  readonly classify: typeof classify = classify
  readonly #client: S3Client
  readonly #destroy: () => void
  readonly #options: S3DriverOptions

  constructor(options: S3DriverOptions) {
    const { client, destroy } = connect(options)
    this.#client = client
    this.#destroy = destroy
    this.#options = options
  }

  /** `content-length` is signed too, and not among the headers: browsers set it from the body and let nobody else. */
  async signUpload(key: string, { size, type, sha256, expiresAt }: UploadClaims): Promise<UploadDescriptor> {
    const checksum = sha256 === null ? undefined : Buffer.from(sha256, 'hex').toString('base64')
    const claims = { ContentLength: size, ContentType: type, IfNoneMatch: '*', ChecksumSHA256: checksum }
    const command = new PutObjectCommand({ ...this.#at(key), ...claims })
    const url = checkSigned(await this.#sign(command, expiresAt))
    const headers = { 'content-type': type, 'if-none-match': '*' }
    return { url, method: 'PUT', headers: checksum ? { ...headers, 'x-amz-checksum-sha256': checksum } : headers }
  }

  async signDownload(key: string, { disposition, type, expiresAt }: DownloadRequest): Promise<string> {
    const answer = { ResponseContentDisposition: disposition, ResponseContentType: type }
    return this.#sign(new GetObjectCommand({ ...this.#at(key), ...answer }), expiresAt)
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const command = new HeadObjectCommand({ ...this.#at(key), ChecksumMode: 'ENABLED' })
    const found = await this.#client.send(command).catch(isMissing)
    // That answer has no body, and is the same when there is no bucket.
    if (!found) await this.ping()
    return found && toInfo(found, found.ContentLength)
  }

  async read(key: string, { range, signal }: ReadOptions): Promise<BlobContent | undefined> {
    const command = new GetObjectCommand({ ...this.#at(key), ...(range && { Range: rangeHeader(range) }) })
    const found = await this.#client.send(command, { ...(signal && { abortSignal: signal }) }).catch(isMissing)
    if (!found?.Body) return undefined
    const size = Number(found.ContentRange?.split('/')[1] ?? found.ContentLength)
    return { ...toInfo(found, size), body: found.Body.transformToWebStream() as BlobContent['body'] }
  }

  async write(key: string, body: ReadableStream<Uint8Array>, { type, name, signal }: WriteOptions): Promise<BlobInfo> {
    const named = name === null ? {} : { Metadata: { name: toMetadata(name) } }
    const params = { ContentType: type, IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' as const, ...named }
    const { size, sha256, ETag } = await putObject(this.#client, { ...this.#at(key), ...params }, body, signal)
    return { ...toInfo({ ETag, ContentType: type }, size), sha256 }
  }

  async delete(key: string): Promise<void> {
    // What S3 answers with success, others call missing when two delete it at once.
    const deleted = await this.#client.send(new DeleteObjectCommand(this.#at(key))).catch(isMissing)
    if (deleted?.VersionId !== undefined) await this.#deleteVersions(key)
  }

  async list(prefix: string, { after, limit }: { after: string | null; limit: number }): Promise<string[]> {
    const keys: string[] = []
    const config = { client: this.#client, pageSize: Math.min(limit, 1_000) }
    const request = { Bucket: this.#options.bucket, Prefix: prefix, ...(after !== null && { StartAfter: after }) }
    for await (const { Contents = [] } of paginateListObjectsV2(config, request)) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []))
      if (keys.length >= limit) break
    }
    return keys.slice(0, limit)
  }

  async ping(): Promise<void> {
    await this.#client.send(new HeadBucketCommand({ Bucket: this.#options.bucket }))
  }

  check(): Promise<Finding[]> {
    const { prefix, origins } = this.#options
    const corsSetting = "the bucket's CORS configuration"
    return probeBlobs(this, { prefix, origins, corsSetting, explain: adviceOn, explainRefusal: adviceOnCode })
  }

  async close(): Promise<void> {
    this.#destroy()
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#options.bucket, Key: key }
  }

  #sign(command: PutObjectCommand | GetObjectCommand, expiresAt: Date): Promise<string> {
    const { signedAt, seconds } = signingWindow(expiresAt)
    return getSignedUrl(this.#client, command, {
      signingDate: signedAt,
      expiresIn: seconds,
      signableHeaders: new Set(signedHeaders),
      // Without this it would go into the query, where S3 does not hold the bytes to it.
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
    })
  }

  /** In a bucket with versions a deletion only hides what was there. */
  async #deleteVersions(key: string): Promise<void> {
    let next: Pick<ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {}
    do {
      const page = new ListObjectVersionsCommand({ Bucket: this.#options.bucket, Prefix: key, ...next })
      const found: ListObjectVersionsCommandOutput = await this.#client.send(page)
      for (const { Key, VersionId } of [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])]) {
        if (Key === key) await this.#client.send(new DeleteObjectCommand({ ...this.#at(key), VersionId }))
      }
      next = { KeyMarker: found.NextKeyMarker, VersionIdMarker: found.NextVersionIdMarker }
    } while (next.KeyMarker === key)
  }
}

type Described = Pick<GetObjectCommandOutput, 'ETag' | 'ContentType' | 'ChecksumSHA256' | 'ChecksumType'>

function toInfo({ ETag = '', ContentType = '', ChecksumSHA256, ChecksumType }: Described, size = 0): BlobInfo {
  const info = { size, type: ContentType, etag: ETag.replaceAll('"', '') }
  // A checksum of checksums of parts ends in their number.
  if (!ChecksumSHA256 || ChecksumSHA256.includes('-') || ChecksumType === 'COMPOSITE') return info
  return { ...info, sha256: Buffer.from(ChecksumSHA256, 'base64').toString('hex') }
}

/** S3 takes 2 KB of metadata: a name that would be longer loses its end. */
function toMetadata(name: string): string {
  let text = ''
  for (const char of name) {
    const next = text + encodeURIComponent(char)
    if (next.length > 1_900) return text
    text = next
  }
  return text
}
