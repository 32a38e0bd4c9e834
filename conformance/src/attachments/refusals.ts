import assert from 'node:assert/strict'
import { expectSame } from '../expect-code.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { allOf, bytesOf, patternOf, sha256Of } from './bytes.ts'
import type { Upload } from './http.ts'
import * as http from './http.ts'

/** What a signed upload refuses; where the backend cannot, `enforces` says so and a look afterwards shows it. */
export const refusalCases: readonly AttachmentCase[] = [
  {
    id: 'refusals/size',
    promise: 'An upload of another size is refused, or seen afterwards where enforces.size is false.',
    gap: 'createAttachment',
    async run(trial) {
      for (const size of [999, 1_001, 0, 2_000]) {
        const upload = await http.createUpload(trial, patternOf(1_000))
        const answer = await http.send({ ...upload, bytes: patternOf(size) })
        if (await wasRefused(trial, upload, answer, trial.store.enforces.size, `${size} instead of 1,000 bytes`))
          continue
        const info = await trial.store.headAttachment(upload.id, trial.context)
        assert.equal(info?.size, size, 'headAttachment must tell the real size')
      }
    },
  },
  {
    id: 'refusals/type',
    promise: 'An upload of another type, or without one, is refused, or seen afterwards where enforces.type is false.',
    gap: 'createAttachment',
    async run(trial) {
      for (const type of ['text/html', 'application/pdfx', null]) {
        const upload = await http.createUpload(trial, bytesOf('<h1>plan'), 'application/pdf')
        const answer = await sendAs(upload, type)
        if (await wasRefused(trial, upload, answer, trial.store.enforces.type, `the type ${type}`)) continue
        const info = await trial.store.headAttachment(upload.id, trial.context)
        assert.notEqual(info?.type, 'application/pdf', 'headAttachment must tell the real type')
      }
    },
  },
  {
    id: 'refusals/checksum',
    promise:
      'Other bytes of the same size are refused where a sha256 was given, or seen afterwards where enforces.checksum is false.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('right'), 'text/plain', {
        sha256: sha256Of(bytesOf('right')),
      })
      const answer = await http.send({ ...upload, bytes: bytesOf('wrong') })
      if (await wasRefused(trial, upload, answer, trial.store.enforces.checksum, 'bytes with another sha256')) {
        http.expectAccepted(await http.send(upload), 'the right upload after a wrong one')
        return
      }
      const info = await trial.store.headAttachment(upload.id, trial.context)
      const sha256 = info?.sha256 ?? sha256Of(await allOf(await trial.store.readAttachment(upload.id, trial.context)))
      assert.equal(sha256, sha256Of(bytesOf('wrong')), 'the bytes that came must be told, not those that were claimed')
    },
  },
  {
    id: 'refusals/second-upload',
    promise: 'A second upload through the same URL is refused, or changes the etag where enforces.createOnly is false.',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, bytesOf('first'))
      http.expectAccepted(await http.send(upload))
      const before = await trial.store.headAttachment(upload.id, trial.context)
      const answer = await http.send({ ...upload, bytes: bytesOf('later') })
      const after = await trial.store.headAttachment(upload.id, trial.context)
      if (trial.store.enforces.createOnly || !answer.ok) {
        http.expectRefused(answer, 'a second upload')
        expectSame(after, before, 'a refused upload changed something')
        await http.expectStored(trial, upload.id, bytesOf('first'))
      } else assert.notEqual(after?.etag, before?.etag, 'other bytes must have another etag')
    },
  },
  {
    id: 'refusals/racing-uploads',
    promise:
      'Of five uploads through one URL at once one is stored, whole; the others are refused where enforces.createOnly.',
    level: 'concurrent',
    gap: 'createAttachment',
    async run(trial) {
      const upload = await http.createUpload(trial, patternOf(200_000))
      const bodies = [1, 2, 3, 4, 5].map((digit) => new Uint8Array(200_000).fill(digit))
      const answers = await Promise.all(bodies.map((bytes) => http.send({ ...upload, bytes })))
      const accepted = bodies.filter((_, index) => answers[index]?.ok)
      if (trial.store.enforces.createOnly) assert.equal(accepted.length, 1, `${accepted.length} uploads were accepted`)
      const found = await allOf(await trial.store.readAttachment(upload.id, trial.context))
      assert.ok(
        accepted.some((bytes) => found.equals(bytes)),
        'what is stored is no accepted upload',
      )
    },
  },
]

async function sendAs(upload: Upload, type: string | null): Promise<http.Answer> {
  if (upload.descriptor.method === 'POST') return http.send({ ...upload, type: type ?? '' })
  const headers = Object.entries(upload.descriptor.headers).filter(([name]) => !/content-type$/i.test(name))
  return http.send(upload, {
    headers: Object.fromEntries(type === null ? headers : [...headers, ['content-type', type]]),
  })
}

/** Whether the upload was refused, as it must where the backend says that it enforces it; then nothing is stored. */
async function wasRefused(
  trial: AttachmentTrial,
  { id }: Upload,
  answer: http.Answer,
  enforced: boolean,
  what: string,
): Promise<boolean> {
  if (answer.ok && !enforced) return false
  http.expectRefused(answer, what)
  await http.expectNothingStored(trial, id)
  return true
}
