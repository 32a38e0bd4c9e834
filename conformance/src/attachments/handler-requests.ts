import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, patternOf } from './bytes.ts'
import { handlerOf } from './handler.ts'
import { createUploadOf, expectAccepted, expectNothingStored, withFlippedSignature } from './http.ts'
import { MadeBytes, mib } from './made-bytes.ts'

const size = 2 * mib
const type = 'image/png'

/** Whatever wraps a request takes some pieces of its body ahead. */
const mostRead = size / 8

/** Requests that stores must bear which answer their URLs themselves. */
export const handlerRequestCases: readonly AttachmentCase[] = [
  {
    id: 'own-handler/refuses-unread',
    promise: 'An upload whose headers or URL are wrong, or that comes too late, is refused before its bytes are read.',
    needs: 'handler',
    gap: 'createAttachment',
    async run(trial) {
      const handler = handlerOf(trial.store) ?? assert.fail('the handler is gone')
      const { id, descriptor } = await createUploadOf(trial, size, type)
      const put = async (url: string, headers: object) => {
        const made = new MadeBytes(size)
        const fields = { ...descriptor.headers, 'content-length': String(size), ...headers }
        const init = { method: 'PUT', headers: fields, body: made.stream(), duplex: 'half' } as const
        const { status } = await handler(new Request(url, init))
        return { status, text: `after ${made.given} bytes`, read: made.given }
      }
      const refusals = async () => [
        await put(descriptor.url, { 'content-length': String(size + 1) }),
        await put(descriptor.url, { 'content-type': 'text/html' }),
        await put(withFlippedSignature(descriptor.url), {}),
      ]
      for (const { status, read } of await refusals()) {
        assert.ok(status >= 400 && status < 500, `the answer is ${status}`)
        assert.ok(read <= mostRead, `${read} bytes were read before the answer ${status}`)
      }
      await expectNothingStored(trial, id)
      expectAccepted(await put(descriptor.url, {}))
      const second = await put(descriptor.url, {})
      assert.ok(second.read <= mostRead, `${second.read} bytes of a second upload were read`)
    },
  },
  {
    id: 'own-handler/if-range',
    promise: 'A range of bytes that have another etag meanwhile is answered with the whole, so that parts never mix.',
    needs: 'handler',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context)
      const url = await store.attachmentUrl('a1', context)
      const ask = async (etag: string) => {
        const response = await fetch(url, { headers: { range: 'bytes=2-4', 'if-range': etag } })
        return [response.status, await response.text()]
      }
      const etag = (await fetch(url, { method: 'HEAD' })).headers.get('etag') ?? ''
      expectSame(await ask(etag), [206, '234'], 'the same etag')
      expectSame(await ask('"other"'), [200, '0123456789'], 'another etag')
    },
  },
  {
    id: 'own-handler/many-ranges',
    promise:
      'Many ranges in one request are refused or answered with the whole: nobody can ask for it a thousand times.',
    needs: 'handler',
    async run({ store, context }) {
      await store.writeAttachment('a1', patternOf(size), context)
      const url = await store.attachmentUrl('a1', context)
      for (const count of [2, 1_000]) {
        const range = `bytes=${Array.from({ length: count }, () => '0-').join(',')}`
        const response = await fetch(url, { headers: { range } })
        const { byteLength } = await response.arrayBuffer()
        assert.ok([200, 416].includes(response.status), `${count} ranges were answered ${response.status}`)
        assert.ok(byteLength <= size, `${count} ranges were answered with ${byteLength} bytes`)
      }
    },
  },
]
