import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf } from './bytes.ts'
import { createUpload, descriptorOf, expectAccepted, send } from './http.ts'

const plan = { name: 'plan.pdf', size: 4, mime_type: 'application/pdf' }

export const createCases: readonly AttachmentCase[] = [
  {
    id: 'create/file',
    promise: 'createAttachment names a file and says how to upload it.',
    gap: 'createAttachment',
    async run({ store, context }) {
      const attachment = await store.createAttachment(plan, context)
      const { id, type, name, mime_type } = attachment
      expectSame(
        { type, name, mime_type },
        { type: 'file', name: 'plan.pdf', mime_type: 'application/pdf' },
        'the claims',
      )
      assert.match(id, /^[A-Za-z0-9_-]{1,128}$/, 'the id')
      const { url, method, headers } = descriptorOf(attachment)
      assert.ok(['http:', 'https:'].includes(new URL(url).protocol), 'the URL is an absolute one')
      assert.ok(['PUT', 'POST'].includes(method), `the method ${method}`)
      const names = Object.keys(headers).map((header) => header.toLowerCase())
      assert.ok(!names.includes('content-length'), 'browsers refuse to set content-length')
      expectSame(JSON.parse(JSON.stringify(attachment)), attachment, 'it is plain JSON')
    },
    async opposite({ store, context }) {
      await expectCode(store.createAttachment(plan, context), 'not_supported', 'createAttachment')
    },
  },
  {
    id: 'create/image',
    promise: 'An image has the type image and a preview URL; everything else is a file.',
    gap: 'createAttachment',
    async run({ store, context }) {
      for (const mime_type of ['image/png', 'IMAGE/JPEG', 'image/svg+xml']) {
        const image = await store.createAttachment({ ...plan, mime_type }, context)
        assert.ok(image.type === 'image', `${mime_type} is an image`)
        assert.ok(URL.canParse(image.preview_url), 'the preview URL is an absolute one')
      }
      for (const mime_type of ['text/plain', 'video/mp4', 'application/image']) {
        assert.equal((await store.createAttachment({ ...plan, mime_type }, context)).type, 'file', mime_type)
      }
    },
  },
  {
    id: 'create/preview',
    promise: 'The preview URL of an image shows its bytes once they are uploaded.',
    gap: 'createAttachment',
    async run({ store, context }) {
      const bytes = bytesOf('not really a picture')
      const params = { name: 'cat.png', size: bytes.byteLength, mime_type: 'image/png' }
      const image = await store.createAttachment(params, context)
      assert.ok(image.type === 'image', 'image/png is an image')
      const { id } = image
      expectAccepted(await send({ id, descriptor: descriptorOf(image), bytes, type: 'image/png' }))
      const response = await fetch(image.preview_url)
      assert.equal(await response.text(), 'not really a picture', 'the bytes of the preview')
      expectSame([response.status, response.headers.get('content-type')], [200, 'image/png'], 'status and type')
    },
  },
  {
    id: 'create/preview-never-runs',
    promise: 'The preview of an SVG is never shown as what it is: it could run scripts.',
    gap: 'createAttachment',
    async run(trial) {
      const bytes = bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
      const params = { name: 'cat.svg', size: bytes.byteLength, mime_type: 'image/svg+xml' }
      const image = await trial.store.createAttachment(params, trial.context)
      assert.ok(image.type === 'image', 'image/svg+xml is an image')
      const upload = { id: image.id, descriptor: descriptorOf(image), bytes, type: 'image/svg+xml' }
      expectAccepted(await send(upload))
      const response = await fetch(image.preview_url)
      await response.arrayBuffer()
      assert.match(response.headers.get('content-disposition') ?? '', /^attachment/, 'the disposition')
      assert.equal(response.headers.get('content-type'), 'application/octet-stream', 'the type')
    },
  },
  {
    id: 'create/nothing-stored',
    promise: 'createAttachment stores nothing: until the upload there are no bytes.',
    gap: 'createAttachment',
    async run({ store, context }) {
      const { id } = await store.createAttachment(plan, context)
      assert.equal(await store.headAttachment(id, context), undefined, 'headAttachment')
      await expectCode(store.readAttachment(id, context), 'not_found', 'readAttachment')
      await expectCode(store.attachmentUrl(id, context), 'not_found', 'attachmentUrl')
    },
  },
  {
    id: 'create/unknown-type',
    promise: "A type of '', which browsers give for unknown files, means application/octet-stream.",
    gap: 'createAttachment',
    async run(trial) {
      const { mime_type } = await trial.store.createAttachment({ ...plan, mime_type: '' }, trial.context)
      assert.equal(mime_type, 'application/octet-stream', 'the type')
      const upload = await createUpload(trial, bytesOf('what?'), '')
      expectAccepted(await send({ ...upload, type: 'application/octet-stream' }))
      const info = await trial.store.headAttachment(upload.id, trial.context)
      assert.equal(info?.type, 'application/octet-stream', 'the type it is stored with')
    },
  },
  {
    id: 'create/ids',
    promise: 'Ids are new each time, and cannot be guessed: at least 128 random bits.',
    gap: 'createAttachment',
    async run({ store, context }) {
      const ids = new Set<string>()
      for (let count = 0; count < 50; count += 1) ids.add((await store.createAttachment(plan, context)).id)
      assert.equal(ids.size, 50, 'an id came twice')
      for (const id of ids) assert.ok(id.length >= 22, `${id} is too short`)
    },
  },
  {
    id: 'create/overridden-ids',
    promise: 'generateAttachmentId may be overridden, and its ids are checked like those from the network.',
    gap: 'createAttachment',
    async run({ store, context }) {
      Object.assign(store, { generateAttachmentId: () => 'my-own_ID' })
      assert.equal((await store.createAttachment(plan, context)).id, 'my-own_ID', 'the id')
      Object.assign(store, { generateAttachmentId: () => '../up' })
      await expectCode(store.createAttachment(plan, context), 'invalid_argument', 'an id with slashes')
    },
  },
]
