import assert from 'node:assert/strict'
import { expectCode, expectSame } from '../expect-code.ts'
import type { AttachmentCase, AttachmentTrial } from './attachment-case.ts'
import { patternOf } from './bytes.ts'
import { createUpload, expectAccepted, expectNothingStored, expectStored, send } from './http.ts'
import { digestOf, MadeBytes, mib, partSizes, sizesAroundParts } from './made-bytes.ts'

/** Backends take large objects in parts, of five or eight MiB mostly: what ends where a part does. */
export const partCases: readonly AttachmentCase[] = [
  {
    id: 'parts/streams',
    promise: 'Streams of unknown length that end a byte before, at or a byte after the end of a part are stored whole.',
    slow: true,
    async run(trial) {
      for (const size of sizesAroundParts) await expectWhole(trial, new MadeBytes(size))
    },
  },
  {
    id: 'parts/pieces',
    promise: 'Pieces larger than a part, and thousands of tiny ones, are stored whole.',
    slow: true,
    async run(trial) {
      await expectWhole(trial, new MadeBytes(25 * mib + 2, { piece: 8 * mib + 1 }))
      await expectWhole(trial, new MadeBytes(20_003, { piece: 7 }))
    },
  },
  {
    id: 'parts/uploads',
    promise: 'Uploads that end a byte before, at or a byte after the end of a part are stored whole.',
    slow: true,
    gap: 'createAttachment',
    async run(trial) {
      const { context } = trial
      for (const size of sizesAroundParts) {
        const store = await trial.open({ maxBytes: size })
        const upload = await createUpload({ store, context }, patternOf(size), 'video/mp4')
        expectAccepted(await send(upload), `the upload of ${size} bytes`)
        await expectStored(trial, upload.id, upload.bytes)
        await store.deleteAttachment(upload.id, context)
      }
    },
  },
  {
    id: 'parts/max-bytes',
    promise: 'Where maxBytes is the end of a part, one byte more is too_large and leaves the id free.',
    slow: true,
    async run(trial) {
      for (const maxBytes of partSizes) {
        const store = await trial.open({ maxBytes })
        const write = store.writeAttachment('part', new MadeBytes(maxBytes + 1).stream(), trial.context)
        await expectCode(write, 'too_large', `${maxBytes + 1} bytes`)
        await expectNothingStored(trial, 'part')
        await expectWhole({ ...trial, store }, new MadeBytes(maxBytes))
      }
    },
  },
]

async function expectWhole({ store, context }: AttachmentTrial, made: MadeBytes): Promise<void> {
  const { size } = await store.writeAttachment('part', made.stream(), context)
  const content = await store.readAttachment('part', context)
  assert.equal(content.size, made.size, 'the size that is told')
  const whole = { size: made.size, sha256: made.sha256 }
  expectSame(await digestOf(content.body), whole, `what came back of ${made.size} bytes`)
  assert.equal(size, made.size, 'the size that writeAttachment tells')
  await store.deleteAttachment('part', context)
}
