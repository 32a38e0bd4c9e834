import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { Answer, Upload } from './http.ts'
import type { MadeBytes } from './made-bytes.ts'

const boundary = 'the-boundary-of-a-form'

/** Uploads as described and holds nothing, which `fetch` cannot: it says no length of a stream. */
export async function sendMade({ descriptor, type }: Omit<Upload, 'bytes'>, made: MadeBytes): Promise<Answer> {
  const { url, method, headers } = descriptor
  const form = method === 'POST'
  const [head, tail] = form ? aroundFile(type) : ['', '']
  const open = url.startsWith('https:') ? httpsRequest : httpRequest
  const request = open(url, {
    method,
    headers: {
      ...headers,
      ...(form ? { 'content-type': `multipart/form-data; boundary=${boundary}` } : {}),
      'content-length': head.length + made.size + tail.length,
    },
    agent: false,
  })
  const body = async function* () {
    if (form) yield head
    yield* made
    if (form) yield tail
  }
  const [[response]] = await Promise.all([once(request, 'response'), pipeline(body, request)])
  const { statusCode: status = 0 } = response as IncomingMessage
  return { status, ok: status >= 200 && status < 300, text: await text(response) }
}

function aroundFile(type: string): [head: string, tail: string] {
  const disposition = 'content-disposition: form-data; name="file"; filename="upload"'
  return [`--${boundary}\r\n${disposition}\r\ncontent-type: ${type}\r\n\r\n`, `\r\n--${boundary}--\r\n`]
}
