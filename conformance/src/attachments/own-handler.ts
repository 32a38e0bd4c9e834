import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf } from './bytes.ts'
import { createUpload, expectAccepted, expectNothingStored, expectRefused, expectStored, send } from './http.ts'

/** What stores promise that answer their URLs themselves. */
export const ownHandlerCases: readonly AttachmentCase[] = [
  {
    id: 'own-handler/safe-headers',
    promise: 'Downloads forbid browsers to guess the type and to run anything: nosniff, and a sandbox.',
    needs: 'handler',
    async run({ store, context }) {
      for (const type of ['text/html', 'image/png', 'image/svg+xml']) {
        const id = type.replaceAll(/\W/g, '-')
        await store.writeAttachment(id, bytesOf('<script>'), context, { type })
        const response = await fetch(await store.attachmentUrl(id, context, { disposition: 'inline' }))
        await response.arrayBuffer()
        assert.equal(response.headers.get('x-content-type-options'), 'nosniff', type)
        assert.match(response.headers.get('content-security-policy') ?? '', /sandbox/, type)
      }
    },
  },
  {
    id: 'own-handler/head',
    promise: 'HEAD tells what GET tells, without the bytes.',
    needs: 'handler',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context, { type: 'text/plain' })
      const url = await store.attachmentUrl('a1', context)
      const [got, headed] = [await fetch(url), await fetch(url, { method: 'HEAD' })]
      expectSame([await got.text(), await headed.text()], ['0123456789', ''], 'the bodies')
      for (const name of ['content-type', 'content-length', 'content-disposition', 'etag', 'accept-ranges']) {
        assert.equal(headed.headers.get(name), got.headers.get(name), name)
      }
      assert.equal(headed.status, 200, 'the status')
    },
  },
  {
    id: 'own-handler/ranges',
    promise: 'Ranges are answered with 206 and their bytes, those past the end with 416.',
    needs: 'handler',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context)
      const url = await store.attachmentUrl('a1', context)
      const ask = async (range: string) => {
        const response = await fetch(url, { headers: { range } })
        return [response.status, response.headers.get('content-range'), response.ok ? await response.text() : '']
      }
      expectSame(await ask('bytes=2-4'), [206, 'bytes 2-4/10', '234'], '2-4')
      expectSame(await ask('bytes=8-'), [206, 'bytes 8-9/10', '89'], '8-')
      expectSame(await ask('bytes=-3'), [206, 'bytes 7-9/10', '789'], '-3')
      expectSame(await ask('bytes=5-99'), [206, 'bytes 5-9/10', '56789'], '5-99')
      expectSame(await ask('bytes=10-'), [416, 'bytes */10', ''], '10-')
    },
  },
  {
    id: 'own-handler/not-modified',
    promise: 'Whoever has the bytes already is answered 304.',
    needs: 'handler',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('0123456789'), context)
      const url = await store.attachmentUrl('a1', context)
      const etag = (await fetch(url)).headers.get('etag') ?? ''
      const again = await fetch(url, { headers: { 'if-none-match': etag } })
      expectSame([again.status, await again.text()], [304, ''], 'the same etag')
      const other = await fetch(url, { headers: { 'if-none-match': '"other"' } })
      expectSame([other.status, await other.text()], [200, '0123456789'], 'another etag')
    },
  },
  {
    id: 'own-handler/forms',
    promise: 'The upload’s URL also takes the file as the field `file` of a form, checked like a PUT.',
    needs: 'handler',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await createUpload(trial, bytesOf('--boundary\r\n\r\nfile'), 'text/plain')
      const post = (form: FormData) => send(upload, { method: 'POST', headers: {}, body: form })
      expectRefused(await post(formWith('other', upload.bytes, 'text/plain')), 'a form without the field file')
      expectRefused(await post(formWith('file', bytesOf('short'), 'text/plain')), 'a file of another size')
      expectRefused(await post(formWith('file', upload.bytes, 'text/html')), 'a file of another type')
      await expectNothingStored(trial, upload.id)
      expectAccepted(await post(formWith('file', upload.bytes, 'text/plain')), 'the form')
      await expectStored(trial, upload.id, upload.bytes)
      expectRefused(await post(formWith('file', upload.bytes, 'text/plain')), 'a second form')
    },
  },
  {
    id: 'own-handler/other-methods',
    promise: 'Other methods are refused with 405, and nonsense with 4xx.',
    needs: 'handler',
    async run(trial) {
      await trial.store.writeAttachment('a1', bytesOf('x'), trial.context)
      const url = await trial.store.attachmentUrl('a1', trial.context)
      for (const method of ['DELETE', 'PATCH']) assert.equal((await fetch(url, { method })).status, 405, method)
      for (const path of ['/', '/a1', '/%00', '/../../etc/passwd', '/a1?token=', '/a1?token=v1.e30.x']) {
        const response = await fetch(new URL(path, url))
        expectRefused({ status: response.status, text: await response.text() }, `GET ${path}`)
      }
      await expectStored(trial, 'a1', bytesOf('x'))
    },
  },
]

function formWith(field: string, bytes: Uint8Array<ArrayBuffer>, type: string): FormData {
  const form = new FormData()
  form.append('before', 'it')
  form.append(field, new Blob([bytes], { type }), 'a"b.txt')
  form.append('after', 'it')
  return form
}
