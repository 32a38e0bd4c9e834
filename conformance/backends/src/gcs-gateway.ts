import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { json, text } from 'node:stream/consumers'
import { finished, pipeline } from 'node:stream/promises'
import { GcsCors } from './gcs-cors.ts'
import { type ObjectPlace, uploadObject } from './gcs-object-upload.ts'
import { GcsRefusal } from './gcs-refusal.ts'
import { ServiceAccount } from './gcs-service-account.ts'
import { checkSignedUrl } from './gcs-signed-url.ts'

/** What stands in front of a fake-gcs-server. */
export interface GcsGateway {
  /** With the account as user and its private key as password. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * What fake-gcs-server leaves out, as strict as the service: calls of the JSON API need a token of the one service
 * account, which its token endpoint gives, or which the account signed itself; objects of the XML API need such a token or
 * a V4 signed URL; pages of other origins need a CORS rule of the bucket. Bodies stream through.
 */
export async function startGcsGateway(backend: URL): Promise<GcsGateway> {
  const gateway = new Gateway(backend)
  const server = createServer((request, response) => void gateway.answer(request, response))
  // Clients keep connections too, and one that is closed while it is used again would look like an outage.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('a TCP server has a port')
  const stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: gateway.account.urlAt(`http://127.0.0.1:${address.port}`), stop }
}

class Gateway {
  readonly account = new ServiceAccount()
  readonly #cors = new GcsCors()
  readonly #backend: URL

  constructor(backend: URL) {
    this.#backend = backend
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    try {
      if (pathname === '/token') await this.#giveToken(request, response)
      else if (/^\/(upload\/)?storage\/v1\//.test(pathname)) await this.#passJson(request, response)
      else await this.#answerXml(request, response, placeOf(pathname))
    } catch (error) {
      if (response.headersSent) response.destroy()
      else refuse(response, error instanceof GcsRefusal ? error : new GcsRefusal(502, 'InternalError', String(error)))
    }
  }

  async #giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.account.faultOf(new URLSearchParams(await text(request)).get('assertion') ?? '')
    const time = 'Token must be a short-lived token (60 minutes) and in a reasonable timeframe.'
    const description = fault === 'signature' ? 'Invalid JWT Signature.' : `Invalid JWT: ${time}`
    if (fault) return answerJson(response, 400, { error: 'invalid_grant', error_description: description })
    answerJson(response, 200, { access_token: this.account.issueToken(), expires_in: 3_599, token_type: 'Bearer' })
  }

  async #passJson(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.account.isAuthorized(request.headers.authorization)) {
      const error = { message: 'Invalid Credentials', domain: 'global', reason: 'authError' }
      return answerJson(response, 401, { error: { code: 401, message: error.message, errors: [error] } })
    }
    const [, isUpload, bucket, object] = jsonPath.exec(request.url ?? '') ?? []
    if (isUpload && !(await this.#hasBucket(bucket))) {
      // fake-gcs-server would hang up on whoever is still sending.
      await finished(request.resume())
      return answerJson(response, 404, { error: { code: 404, message: 'The specified bucket does not exist.' } })
    }
    const isBucket = !isUpload && object === undefined && ['POST', 'PATCH'].includes(request.method ?? '')
    const { host: _, authorization: __, ...headers } = request.headers
    const passed = send(new URL(request.url ?? '/', this.#backend), { method: request.method, headers })
    const answered = once(passed, 'response') as Promise<[IncomingMessage]>
    answered.catch(() => {}) // the pipeline tells it too
    if (isBucket) {
      const resource = (await json(request)) as { name?: string; cors?: [] }
      this.#cors.learn(bucket ?? resource.name ?? '', resource)
      passed.end(JSON.stringify(resource))
    } else await pipeline(request, passed)
    const [answer] = await answered
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    await pipeline(answer, response)
  }

  async #answerXml(request: IncomingMessage, response: ServerResponse, place: ObjectPlace): Promise<void> {
    const { method = 'GET', url: target = '/', headers } = request
    for (const [name, value] of Object.entries(this.#cors.headersFor(place.bucket, method, headers))) {
      response.setHeader(name, value)
    }
    if (method === 'OPTIONS') return void response.end()
    const { searchParams } = new URL(target, 'http://host')
    if (headers.authorization !== undefined) this.#checkToken(headers.authorization)
    else if (searchParams.has('X-Goog-Signature')) checkSignedUrl({ method, target, headers }, this.account, new Date())
    else throw new GcsRefusal(403, 'AccessDenied', 'an anonymous caller')
    if (method === 'PUT') await this.#put(request, response, place)
    else if (method === 'GET' || method === 'HEAD') await this.#get(request, response, place, searchParams)
    else throw new GcsRefusal(405, 'MethodNotAllowed', 'an object is put or got')
  }

  #checkToken(authorization: string): void {
    if (!this.account.isAuthorized(authorization)) throw new GcsRefusal(401, 'InvalidToken', 'Invalid Credentials')
  }

  async #hasBucket(name = ''): Promise<boolean> {
    return (await fetch(new URL(`/storage/v1/b/${name}`, this.#backend))).ok
  }

  async #put(request: IncomingMessage, response: ServerResponse, place: ObjectPlace): Promise<void> {
    if (!(await this.#hasBucket(place.bucket))) {
      throw new GcsRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist.')
    }
    const answer = await uploadObject(this.#backend, place, request)
    const stored = (await json(answer)) as { generation?: string; md5Hash?: string; crc32c?: string; etag?: string }
    if (answer.statusCode === 412) throw new GcsRefusal(412, 'PreconditionFailed', 'a pre-condition did not hold')
    if (answer.statusCode !== 200) throw new GcsRefusal(502, 'InternalError', 'fake-gcs-server refused the object')
    const { generation = '', crc32c, md5Hash, etag } = stored
    const hash = `crc32c=${crc32c},md5=${md5Hash}`
    response.writeHead(200, { 'x-goog-generation': generation, 'x-goog-hash': hash, etag: `"${etag}"` }).end()
  }

  async #get(request: IncomingMessage, response: ServerResponse, place: ObjectPlace, query: URLSearchParams) {
    const { range, 'accept-encoding': accept } = request.headers
    const path = `/storage/v1/b/${place.bucket}/o/${encodeURIComponent(place.key)}?alt=media`
    const headers = { ...(range && { range }), ...(accept && { 'accept-encoding': accept }) }
    const passed = send(new URL(path, this.#backend), { method: request.method, headers }).end()
    const [answer] = (await once(passed, 'response')) as [IncomingMessage]
    if (answer.statusCode === 404) {
      answer.resume()
      throw new GcsRefusal(404, 'NoSuchKey', 'there is no such object')
    }
    const { 'access-control-allow-origin': _, ...own } = answer.headers
    const [type, disposition] = ['response-content-type', 'response-content-disposition'].map((name) => query.get(name))
    const asked = { ...(type && { 'content-type': type }), ...(disposition && { 'content-disposition': disposition }) }
    response.writeHead(answer.statusCode ?? 502, { ...own, ...asked })
    await pipeline(answer, response)
  }
}

/** What of a path says whether it uploads, to which bucket, and whether it is about more than that. */
const jsonPath = /^\/(upload\/)?storage\/v1\/b(?:\/([^/?]+))?(\/[^?]*)?/

function placeOf(pathname: string): ObjectPlace {
  const [, bucket = '', ...key] = pathname.split('/').map(decodeURIComponent)
  return { bucket, key: key.join('/') }
}

function refuse(response: ServerResponse, refusal: GcsRefusal): void {
  response.writeHead(refusal.status, { 'content-type': 'application/xml; charset=UTF-8' }).end(refusal.toXml())
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}
