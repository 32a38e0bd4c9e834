import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, patternOf } from './bytes.ts'

const dangerous = [
  'text/html',
  'image/svg+xml',
  'application/xhtml+xml',
  'text/xml',
  'text/javascript',
  'application/xml',
]
const shown = ['image/png', 'image/jpeg', 'text/plain', 'application/pdf', 'video/mp4']

export const downloadCases: readonly AttachmentCase[] = [
  {
    id: 'downloads/bytes',
    promise: 'attachmentUrl gives the bytes with their type, as a download, to whoever has the URL.',
    async run({ store, context }) {
      const bytes = patternOf(300_000)
      await store.writeAttachment('a1', bytes, context, { type: 'image/png' })
      const response = await fetch(await store.attachmentUrl('a1', context))
      assert.equal(response.status, 200, 'the status')
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes), 'other bytes came back')
      expectSame(response.headers.get('content-type'), 'image/png', 'the type')
      expectSame(response.headers.get('content-length'), '300000', 'the length')
      assert.match(response.headers.get('content-disposition') ?? '', /^attachment/, 'the disposition')
    },
  },
  {
    id: 'downloads/default-name',
    promise: 'Without a name a download is named after its id.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('x'), context)
      const response = await fetch(await store.attachmentUrl('a1', context))
      await response.arrayBuffer()
      assert.match(response.headers.get('content-disposition') ?? '', /filename\*=UTF-8''a1\b/, 'the name')
    },
  },
  {
    id: 'downloads/inline',
    promise: 'inline shows types that are safe to show.',
    async run({ store, context }) {
      for (const [index, type] of shown.entries()) {
        await store.writeAttachment(`i${index}`, bytesOf('x'), context, { type })
        const response = await fetch(await store.attachmentUrl(`i${index}`, context, { disposition: 'inline' }))
        await response.arrayBuffer()
        assert.match(response.headers.get('content-disposition') ?? '', /^inline/, type)
        assert.equal(essence(response), type, 'the type')
      }
    },
  },
  {
    id: 'downloads/never-run',
    promise:
      'HTML, SVG, XML and scripts are never shown in place nor served as what they are, even when asked for inline.',
    async run({ store, context }) {
      for (const [index, type] of dangerous.entries()) {
        await store.writeAttachment(`d${index}`, bytesOf('<script>alert(1)</script>'), context, { type })
        for (const disposition of ['inline', 'attachment'] as const) {
          const response = await fetch(await store.attachmentUrl(`d${index}`, context, { disposition }))
          await response.arrayBuffer()
          assert.match(response.headers.get('content-disposition') ?? '', /^attachment/, `${type} ${disposition}`)
          assert.equal(essence(response), 'application/octet-stream', `${type} ${disposition}`)
        }
      }
    },
  },
  {
    id: 'downloads/empty',
    promise: 'An empty object is downloaded as an empty body.',
    async run({ store, context }) {
      await store.writeAttachment('a1', new Uint8Array(0), context)
      const response = await fetch(await store.attachmentUrl('a1', context))
      expectSame([response.status, await response.text()], [200, ''], 'status and body')
    },
  },
  {
    id: 'downloads/after-deletion',
    promise: 'A URL of bytes that were deleted meanwhile is answered with 404, also if they were downloaded before.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('secret'), context)
      const url = await store.attachmentUrl('a1', context)
      assert.equal(await (await fetch(url)).text(), 'secret', 'the bytes before')
      await store.deleteAttachment('a1', context)
      const response = await fetch(url)
      const text = await response.text()
      assert.equal(response.status, 404, 'the status')
      assert.ok(!text.includes('secret'), 'the bytes came')
    },
  },
]

function essence(response: Response): string {
  return response.headers.get('content-type')?.split(';')[0] ?? ''
}
