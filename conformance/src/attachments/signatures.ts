import assert from 'node:assert/strict'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf } from './bytes.ts'
import { pollUntilRefused } from './expiry.ts'
import * as http from './http.ts'

/** What a signed URL is good for, and nothing else. */
export const signatureCases: readonly AttachmentCase[] = [
  {
    id: 'signatures/upload-of-another-key',
    promise: 'An upload’s URL is good for no other object.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('plan'))
      const url = http.withOtherKey(upload.descriptor.url)
      http.expectRefused(await http.send(upload, { url }), 'another key in the path')
      await http.expectNothingStored(trial, upload.id)
      const other = new URL(url).pathname.split('/').at(-1) ?? ''
      assert.equal(await trial.store.headAttachment(other, trial.context), undefined, 'the other object was stored')
    },
  },
  {
    id: 'signatures/upload-without-query',
    promise: 'An upload’s URL without its query is refused.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('plan'))
      const url = http.withoutQuery(upload.descriptor.url)
      http.expectRefused(await http.send(upload, { url }), 'an upload without a signature')
      await http.expectNothingStored(trial, upload.id)
    },
  },
  {
    id: 'signatures/upload-flipped',
    promise: 'An upload’s URL with one wrong character in its signature is refused.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('plan'))
      const url = http.withFlippedSignature(upload.descriptor.url)
      http.expectRefused(await http.send(upload, { url }), 'an upload with a wrong signature')
      await http.expectNothingStored(trial, upload.id)
      http.expectAccepted(await http.send(upload), 'the untouched URL')
    },
  },
  {
    id: 'signatures/upload-is-for-uploads',
    promise: 'An upload’s URL neither reads nor deletes.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('plan'))
      http.expectAccepted(await http.send(upload))
      for (const method of ['GET', 'DELETE']) {
        const answer = await http.send(upload, { method, body: null, headers: {} })
        http.expectRefused(answer, `${method} through an upload’s URL`)
        assert.ok(!answer.text.includes('plan'), `${method} gave the bytes`)
      }
      await http.expectStored(trial, upload.id, upload.bytes)
    },
  },
  {
    id: 'signatures/upload-expired',
    promise: 'An upload’s URL is refused when its time is over, and works until then.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const store = await trial.open({ expiresIn: 1 })
      const { context } = trial
      const upload = await http.createUpload({ store, context }, bytesOf('plan'))
      const lasting = await http.createUpload(trial, bytesOf('plan'))
      await store.writeAttachment('later', bytesOf('x'), context)
      await pollUntilRefused(await store.attachmentUrl('later', context))
      http.expectRefused(await http.send(upload), 'an upload that is too late')
      await http.expectNothingStored(trial, upload.id)
      http.expectAccepted(await http.send(lasting), 'an upload that may come later')
    },
  },
  {
    id: 'signatures/download-expired',
    promise: 'A download’s URL is refused when its time is over, and works until then.',
    slow: true,
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('x'), context)
      const lasting = await store.attachmentUrl('a1', context, { expiresIn: 300 })
      await pollUntilRefused(await store.attachmentUrl('a1', context, { expiresIn: 1 }))
      assert.equal((await fetch(lasting)).status, 200, 'a URL that lasts 300 seconds')
    },
  },
  {
    id: 'signatures/download-tampered',
    promise: 'A download’s URL with a wrong signature, without one or for another object is refused.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('first'), context)
      await store.writeAttachment('a0', bytesOf('other'), context)
      const url = await store.attachmentUrl('a1', context)
      const tampered = [http.withFlippedSignature(url), http.withoutQuery(url), http.withOtherKey(url)]
      for (const wrong of tampered) {
        const response = await fetch(wrong)
        http.expectRefused({ status: response.status, text: await response.text() }, 'a tampered URL')
      }
      assert.equal(await (await fetch(url)).text(), 'first', 'the untouched URL')
    },
  },
  {
    id: 'signatures/download-is-for-downloads',
    promise: 'A download’s URL neither writes nor deletes.',
    async run(trial) {
      const { store, context } = trial
      await store.writeAttachment('a1', bytesOf('first'), context)
      const url = await store.attachmentUrl('a1', context)
      for (const method of ['PUT', 'POST', 'DELETE']) {
        const response = await fetch(url, { method, ...(method === 'DELETE' ? {} : { body: 'later' }) })
        http.expectRefused(
          { status: response.status, text: await response.text() },
          `${method} through a download’s URL`,
        )
      }
      await http.expectStored(trial, 'a1', bytesOf('first'))
    },
  },
]
