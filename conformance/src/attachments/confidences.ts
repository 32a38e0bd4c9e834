import assert from 'node:assert/strict'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, sha256Of } from './bytes.ts'
import { descriptorOf, withFlippedSignature } from './http.ts'

const plan = { name: 'zebra-crossing.pdf', size: 4, mime_type: 'application/pdf' }

/** What URLs, headers and messages must not tell. */
export const confidenceCases: readonly AttachmentCase[] = [
  {
    id: 'create/says-nothing-more',
    promise: 'The upload’s URL and headers do not hold the file’s name.',
    gap: 'createAttachment',
    async run({ store, context }) {
      const { url, headers } = descriptorOf(await store.createAttachment(plan, context))
      assert.ok(!decoded(JSON.stringify([url, headers])).includes('zebra'), 'the name is in the URL or its headers')
    },
  },
  {
    id: 'create/no-other-checksum',
    promise:
      'The upload asks for no checksum but the sha256 that was given: never for a CRC32, least of all of nothing.',
    gap: 'createAttachment',
    async run({ store, context }) {
      for (const params of [plan, { ...plan, sha256: sha256Of(bytesOf('plan')) }]) {
        const { url, headers } = descriptorOf(await store.createAttachment(params, context))
        const told = decoded(JSON.stringify([url, headers]))
        assert.doesNotMatch(told, /crc32|crc64|sdk-checksum|AAAAAA==/i, 'the URL or its headers')
      }
    },
  },
  {
    id: 'create/no-secrets',
    promise: 'No URL, answer, error or finding holds a key or a password of the backend, however encoded.',
    needs: 'secrets',
    async run({ store, context, secrets }) {
      await store.writeAttachment('a1', bytesOf('x'), context)
      const url = await store.attachmentUrl('a1', context)
      const told = await Promise.all([
        url,
        fetch(withFlippedSignature(url)).then((response) => response.text()),
        toldBy(store.createAttachment({ ...plan, mime_type: 'image/png' }, context)),
        toldBy(store.createAttachment({ ...plan, size: -1 }, context)),
        toldBy(store.writeAttachment('a1', bytesOf('x'), context)),
        toldBy(store.readAttachment('a2', context)),
        toldBy(store.check()),
      ])
      for (const text of told.map(decoded)) {
        for (const secret of secrets) assert.ok(!text.includes(secret), `a secret is in ${text.slice(0, 60)}…`)
      }
    },
  },
]

/** What the call resolves with, or the words it fails with. */
async function toldBy(call: Promise<unknown>): Promise<string> {
  return call.then((told) => JSON.stringify(told), String)
}

/** The text as it is, without percent-encoding, and with every part of it read as base64. */
function decoded(text: string): string {
  const plain = text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  const parts = plain.split(/[^\w+/-]+/).map((part) => Buffer.from(part, 'base64url').toString())
  return [text, plain, ...parts].join(' ')
}
