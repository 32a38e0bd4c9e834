import type { BlobDriver, UrlSigner } from '@threadkeep/core/driver'
import type { Handler } from '../attachments/handler.ts'

/** Verifies the signatures of uploads and nothing else: it stores whatever comes, over whatever is there. */
export function looseHandler(handler: Handler, driver: BlobDriver, signer: UrlSigner): Handler {
  return async (request) => {
    if (request.method !== 'PUT') return handler(request)
    try {
      const { key } = signer.verifyUpload(request.url)
      const bytes = await request.bytes()
      await driver.delete(key)
      const type = request.headers.get('content-type') ?? 'application/octet-stream'
      const options = { type, name: null, size: bytes.byteLength, signal: null }
      await driver.write(key, new Blob([bytes]).stream(), options)
      return new Response(null, { status: 201 })
    } catch {
      return new Response(null, { status: 403 })
    }
  }
}

/** Believes every token. */
export function withoutVerifying(driver: BlobDriver): Handler {
  return async (request) => {
    const key = tokenOf(request.url)?.key
    if (!key) return new Response(null, { status: 403 })
    if (request.method === 'PUT') {
      const options = { type: 'text/plain', name: null, size: null, signal: null }
      await driver.write(key, new Blob([await request.bytes()]).stream(), options)
      return new Response(null, { status: 201 })
    }
    const content = await driver.read(key, { range: null, signal: null })
    return content ? new Response(content.body) : new Response(null, { status: 404 })
  }
}

/** What the token of a URL says, signed or not. */
export function tokenOf(url: string): { key: string } | undefined {
  const body = new URL(url).searchParams.get('token')?.split('.')[1]
  return body === undefined ? undefined : JSON.parse(Buffer.from(body, 'base64url').toString())
}
