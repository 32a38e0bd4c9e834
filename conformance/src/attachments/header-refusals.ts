import assert from 'node:assert/strict'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { bytesOf, sha256Of } from './bytes.ts'
import * as http from './http.ts'

const right = bytesOf('right')
const wrong = bytesOf('wrong')
const claims = { sha256: sha256Of(right) }

const extraHeaders: readonly (readonly [name: string, value: string])[] = [
  ['content-disposition', 'inline; filename="evil.html"'],
  ['content-language', 'tlh'],
  ['content-range', 'bytes 0-2/5'],
  ['origin', 'https://evil.example'],
  ['x-amz-acl', 'public-read'],
  ['x-amz-meta-evil', '1'],
  ['x-goog-acl', 'public-read'],
  ['x-goog-meta-evil', '1'],
  ['x-http-method-override', 'DELETE'],
  ['x-ms-blob-content-disposition', 'inline'],
  ['x-ms-meta-evil', '1'],
]

/** Whoever uploads writes the headers: none may get around what the URL was signed for. */
export const headerCases: readonly AttachmentCase[] = [
  {
    id: 'refusals/headers',
    promise: 'An upload that leaves out or changes a header of its descriptor gets around nothing that enforces names.',
    gap: 'createAttachment',
    async run(trial) {
      const { headers } = (await http.createUpload(trial, right, 'text/plain', claims)).descriptor
      for (const [name, value] of Object.entries(headers)) {
        const others = Object.entries(headers).filter(([other]) => other !== name)
        await expectHeld(trial, Object.fromEntries(others), `without ${name}`)
        await expectHeld(trial, { ...headers, [name]: `${value}x` }, `with another ${name}`)
      }
    },
  },
  {
    id: 'refusals/headers-of-another',
    promise: 'The headers of one upload do not let its bytes through the URL of another, where enforces says so.',
    gap: 'createAttachment',
    async run(trial) {
      const { size, type, checksum } = trial.store.enforces
      for (const [bytes, mime, enforced] of [
        [wrong, 'text/plain', checksum],
        [bytesOf('<h1>longer'), 'text/html', size || type],
      ] as const) {
        const upload = await http.createUpload(trial, right, 'text/plain', claims)
        const other = await http.createUpload(trial, bytes, mime, { sha256: sha256Of(bytes) })
        const answer = await http.send({ ...other, descriptor: { ...other.descriptor, url: upload.descriptor.url } })
        if (answer.ok && !enforced) continue
        http.expectRefused(answer, 'bytes with headers of their own through the URL of another upload')
        for (const { id } of [upload, other]) await http.expectNothingStored(trial, id)
      }
    },
  },
  {
    id: 'refusals/extra-headers',
    promise: 'Headers beside those of the descriptor are refused, or change nothing: neither bytes nor download.',
    gap: 'createAttachment',
    async run(trial) {
      const { store, context } = trial
      for (const [name, value] of extraHeaders) {
        const upload = await http.createUpload(trial, right, 'text/plain')
        const answer = await http.send(upload, { headers: { ...upload.descriptor.headers, [name]: value } })
        if (!answer.ok) {
          http.expectRefused(answer, `an upload with ${name}`)
          await http.expectNothingStored(trial, upload.id)
          continue
        }
        const response = await fetch(await store.attachmentUrl(upload.id, context))
        assert.equal(await response.text(), 'right', `the bytes of an upload with ${name}`)
        assert.match(response.headers.get('content-disposition') ?? '', /^attachment/, `after an upload with ${name}`)
        assert.match(response.headers.get('content-type') ?? '', /^text\/plain/, `after an upload with ${name}`)
      }
    },
  },
]

/** With these headers, bytes of another size or sha256, another type and a second upload fare as with the right ones. */
async function expectHeld(trial: AttachmentTrial, headers: Record<string, string>, how: string): Promise<void> {
  const { store, context } = trial
  const upload = await http.createUpload(trial, right, 'text/plain', claims)
  const sendThese = (bytes: Upload['bytes']) => http.send({ ...upload, bytes }, { headers })
  const { size, type, checksum, createOnly } = store.enforces
  const isStored =
    (await passes(trial, upload, await sendThese(bytesOf('longer')), size, `bytes of another size ${how}`)) ||
    (await passes(trial, upload, await sendThese(wrong), checksum, `bytes with another sha256 ${how}`)) ||
    (await passes(trial, upload, await sendThese(right), false, `an upload ${how}`))
  if (!isStored) return
  if (type) assert.equal((await store.headAttachment(upload.id, context))?.type, 'text/plain', `the type, ${how}`)
  if (createOnly) http.expectRefused(await sendThese(wrong), `a second upload ${how}`)
}

type Upload = http.Upload

/** Whether it was accepted, which must not be where the backend enforces what is wrong with it. */
async function passes(
  trial: AttachmentTrial,
  { id }: Upload,
  answer: http.Answer,
  enforced: boolean,
  what: string,
): Promise<boolean> {
  if (answer.ok && !enforced) return true
  http.expectRefused(answer, what)
  await http.expectNothingStored(trial, id)
  return false
}
