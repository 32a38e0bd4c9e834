import { bytesOf } from '../attachments/bytes.ts'
import type { BlobMutant } from './blob-mutant.ts'
import { looseHandler, tokenOf, withoutVerifying } from './loose-handler.ts'

/** Faults of what answers the URLs. */
export const handlerMutants: readonly BlobMutant[] = [
  ...['refusals/size', 'refusals/type', 'refusals/checksum', 'refusals/second-upload', 'refusals/racing-uploads'].map(
    (caughtBy): BlobMutant => ({
      fault: `uploads are held to nothing, although enforces says so (${caughtBy.slice(9)})`,
      caughtBy,
      answer: (handler, driver, signer) => looseHandler(handler, driver, signer),
    }),
  ),
  ...['signatures/upload-flipped', 'signatures/download-tampered', 'signatures/upload-is-for-uploads'].map(
    (caughtBy): BlobMutant => ({
      fault: `signatures are not verified (${caughtBy.slice(11)})`,
      caughtBy,
      answer: (_, driver) => withoutVerifying(driver),
    }),
  ),
  {
    fault: 'a signature is good for every path',
    caughtBy: 'signatures/upload-of-another-key',
    answer: (handler) => (request) => {
      const url = new URL(request.url)
      url.pathname = tokenOf(request.url)?.key ?? url.pathname
      return handler(new Request(url, request))
    },
  },
  {
    fault: 'downloads do not say nosniff',
    caughtBy: 'own-handler/safe-headers',
    answer: (handler) => async (request) => {
      const response = await handler(request)
      response.headers.delete('x-content-type-options')
      return response
    },
  },
  {
    fault: 'ranges are answered with the whole',
    caughtBy: 'own-handler/ranges',
    answer: (handler) => (request) => {
      const headers = new Headers(request.headers)
      headers.delete('range')
      return handler(new Request(request, { headers }))
    },
  },
  {
    fault: 'If-Range is not looked at',
    caughtBy: 'own-handler/if-range',
    answer: (handler) => (request) => {
      const headers = new Headers(request.headers)
      headers.delete('if-range')
      return handler(new Request(request, { headers }))
    },
  },
  {
    fault: 'many ranges are answered one after the other',
    caughtBy: 'own-handler/many-ranges',
    answer: (handler) => async (request) => {
      const ranges = request.headers.get('range')?.slice('bytes='.length).split(',') ?? []
      if (ranges.length < 2) return handler(request)
      const ask = (range: string) => handler(new Request(request, { headers: { range: `bytes=${range}` } }))
      const parts = await Promise.all(ranges.map(async (range) => (await ask(range)).bytes()))
      return new Response(Buffer.concat(parts), { status: 206 })
    },
  },
  {
    fault: 'the body of an upload is read before anything else',
    caughtBy: 'own-handler/refuses-unread',
    answer: (handler) => async (request) =>
      handler(request.body ? new Request(request, { body: await request.bytes() }) : request),
  },
  {
    fault: 'downloads are answered from a cache',
    caughtBy: 'downloads/after-deletion',
    answer: (handler) => {
      const answers = new Map<string, Response>()
      return async (request) => {
        if (request.method !== 'GET') return handler(request)
        const answer = answers.get(request.url) ?? (await handler(request))
        if (answer.status === 200) answers.set(request.url, answer.clone())
        return answer
      }
    },
  },
  {
    fault: 'an upload that breaks off is kept',
    caughtBy: 'upload/broken-off',
    answer: (handler, driver) => async (request) => {
      const response = await handler(request)
      const token = tokenOf(request.url)
      if (request.method === 'PUT' && !response.ok && token) {
        const options = { type: 'text/plain', name: null, size: null, signal: null }
        await driver.write(token.key, new Blob([bytesOf('half')]).stream(), options)
      }
      return response
    },
  },
]
