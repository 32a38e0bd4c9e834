import { Readable } from 'node:stream'
import type { BlobServiceClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import type { BlobContent, BlobInfo, Enforces, Finding, UploadDescriptor } from '@threadkeep/core'
import {
  type BlobDriver,
  type DownloadRequest,
  defaultTimeoutMs,
  probeBlobs,
  type ReadOptions,
  resolveRange,
  type UploadClaims,
  type WriteOptions,
} from '@threadkeep/core/driver'
import { adviceOn, adviceOnRefusal, corsSetting } from './advice.ts'
import { type AzureClientOptions, answered, classify, connect, isMissing } from './azure-client.ts'
import { BlobSigner } from './blob-signer.ts'
import { putBlob } from './put-blob.ts'

interface AzureDriverOptions extends AzureClientOptions {
  readonly container: string
  readonly signHeaders?: boolean
  readonly timeoutMs?: number
  /** For `check` alone. */
  readonly prefix?: string
  readonly origins?: readonly string[]
}

/** The commands of an attachment store in a container. */
export class AzureDriver implements BlobDriver {
  readonly name = 'azure'
  readonly enforces: Enforces
  readonly classify: typeof classify = classify
  readonly #container: ContainerClient
  readonly #signer: BlobSigner
  readonly #timeoutMs: number
  readonly #options: AzureDriverOptions

  constructor(options: AzureDriverOptions) {
    const client: BlobServiceClient = connect(options)
    const { timeoutMs = defaultTimeoutMs, signHeaders } = options
    this.#container = client.getContainerClient(options.container)
    this.#signer = new BlobSigner(client, { timeoutMs, ...(signHeaders !== undefined && { signHeaders }) })
    this.#timeoutMs = timeoutMs
    this.#options = options
    const { signsHeaders } = this.#signer
    this.enforces = { size: signsHeaders, type: signsHeaders, checksum: false, createOnly: true }
  }

  /** `content-length` may be signed too, and is not among the headers: browsers set it from the body and let nobody else. */
  async signUpload(key: string, { size, type, expiresAt }: UploadClaims): Promise<UploadDescriptor> {
    // The permission is looked at when an upload begins, and this when it ends: of several at once one is stored.
    const once = { 'if-none-match': '*' }
    const named = { ...once, 'x-ms-blob-content-type': type, 'x-ms-blob-type': 'BlockBlob' }
    const requestHeaders = { 'content-length': String(size), ...named }
    const url = await this.#signer.sign(this.#at(key), { permission: 'c', expiresAt, requestHeaders })
    // A browser sends the file's own type if there is none, and asks first whether it may.
    return { url, method: 'PUT', headers: { 'content-type': type, ...named } }
  }

  async signDownload(key: string, { disposition, type, expiresAt }: DownloadRequest): Promise<string> {
    const answer = { contentDisposition: disposition, contentType: type }
    return this.#signer.sign(this.#at(key), { permission: 'r', expiresAt, answer })
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    const found = await this.#send((abortSignal) => this.#at(key).getProperties({ abortSignal }).catch(isMissing))
    return found && !isComing(found) ? toInfo(found, found.contentLength) : undefined
  }

  async read(key: string, { range, signal }: ReadOptions): Promise<BlobContent | undefined> {
    if (!range || !('last' in range)) return this.#download(key, range, signal)
    // Azure knows no ranges that count from the end.
    const info = await this.head(key)
    return info && this.#download(key, resolveRange(range, info.size), signal, `"${info.etag}"`)
  }

  async write(key: string, body: ReadableStream<Uint8Array>, { type, name, signal }: WriteOptions): Promise<BlobInfo> {
    const headers = { blobContentType: type }
    const metadata: Record<string, string> = name === null ? {} : { name: encodeURIComponent(name) }
    const put = { headers, metadata, signal, timeoutMs: this.#timeoutMs }
    const { size, sha256, etag } = await putBlob(this.#at(key), body, put)
    return { ...toInfo({ etag, contentType: type }, size), sha256 }
  }

  async delete(key: string): Promise<void> {
    const blob = this.#at(key)
    await this.#send(async (abortSignal) => {
      const found = await blob.getProperties({ abortSignal }).catch(isMissing)
      await blob.delete({ abortSignal, deleteSnapshots: 'include' }).catch(isMissing)
      if (found?.versionId !== undefined) await this.#deleteVersions(key, abortSignal)
    })
  }

  async list(prefix: string, { after, limit }: { after: string | null; limit: number }): Promise<string[]> {
    const keys: string[] = []
    const request = { prefix, ...(after !== null && { startFrom: after }) }
    const pages = this.#container.listBlobsFlat(request).byPage({ maxPageSize: Math.min(limit + 1, 5_000) })
    for await (const { segment } of pages) {
      // The first key may be `after` itself; a service that does not know `startFrom` begins with the first of all.
      keys.push(...segment.blobItems.map(({ name }) => name).filter((key) => after === null || key > after))
      if (keys.length >= limit) break
    }
    return keys.slice(0, limit)
  }

  async ping(): Promise<void> {
    await this.#send((abortSignal) => this.#container.getProperties({ abortSignal }))
  }

  check(): Promise<Finding[]> {
    const { prefix, origins } = this.#options
    const explainRefusal = (code: string) => adviceOnRefusal(code, this.#signer.signsHeaders)
    return probeBlobs(this, { prefix, origins, corsSetting, explain: adviceOn, explainRefusal })
  }

  #at(key: string): BlockBlobClient {
    return this.#container.getBlockBlobClient(key)
  }

  #send<T>(request: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    return answered(this.#timeoutMs, null, request)
  }

  /** A body that breaks off is asked for again from there on, by its etag. */
  async #download(
    key: string,
    range: { readonly start: number; readonly end?: number } | null,
    signal: AbortSignal | null,
    ifMatch?: string,
  ): Promise<BlobContent | undefined> {
    const { start, end } = range ?? { start: 0 }
    const count = end === undefined ? undefined : end - start + 1
    const conditions = ifMatch === undefined ? {} : { ifMatch }
    const found = await answered(this.#timeoutMs, signal, (abortSignal) =>
      this.#at(key).download(start, count, { abortSignal, conditions }).catch(isMissing),
    )
    if (!found) return undefined
    const size = Number(found.contentRange?.split('/')[1] ?? found.contentLength)
    const source = found.readableStreamBody as Readable
    if (isComing(found)) {
      source.destroy()
      return undefined
    }
    return { ...toInfo(found, size), body: Readable.toWeb(source) as BlobContent['body'] }
  }

  /** In an account with versions a deletion only hides what was there. */
  async #deleteVersions(key: string, abortSignal: AbortSignal): Promise<void> {
    for await (const { name, versionId } of this.#container.listBlobsFlat({
      prefix: key,
      includeVersions: true,
      abortSignal,
    })) {
      if (name === key && versionId !== undefined)
        await this.#at(key).withVersion(versionId).delete({ abortSignal }).catch(isMissing)
    }
  }
}

interface Described {
  readonly etag?: string | undefined
  readonly contentType?: string | undefined
}

/** Whoever uploads may have the service copy the bytes from elsewhere: until they are there, they can still change. */
function isComing({ copyStatus }: { readonly copyStatus?: string | undefined }): boolean {
  return copyStatus === 'pending'
}

function toInfo({ etag = '', contentType = '' }: Described, size = 0): BlobInfo {
  return { size, type: contentType, etag: etag.replaceAll('"', '') }
}
