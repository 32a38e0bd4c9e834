import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type BlobDriver, blobHandler, DriverAttachmentStore, UrlSigner } from '@threadkeep/core/driver'
import { MemoryBlobDriver } from '@threadkeep/core/memory'
import { afterAll, describe, expect, it } from 'vitest'
import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import type { Handler } from './attachments/handler.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { BrokenPromise } from './broken-promise.ts'
import { type BlobMutant, blobMutants } from './mutants/blob-mutants.ts'
import { handlerMutants } from './mutants/handler-mutants.ts'
import { looseHandler } from './mutants/loose-handler.ts'
import { withFault } from './mutants/mutant.ts'
import { serve } from './serve.ts'

let handler: Handler = async () => new Response(null, { status: 503 })
const server = await serve((request) => handler(request))

afterAll(() => server.close())

describe('an attachment store with a fault is caught', () => {
  for (const mutant of [...blobMutants, ...handlerMutants]) {
    it(`${mutant.fault}: by ${mutant.caughtBy}`, async () => {
      await expect(run(mutant.caughtBy, mutant)).rejects.toThrow(BrokenPromise)
    })
  }
})

describe('an attachment store whose backend cannot refuse uploads', () => {
  for (const { id, promise } of attachmentCases.filter((one) => one.id.startsWith('refusals/'))) {
    it(`passes when it says so: ${promise}`, async () => {
      const enforces = { size: false, type: false, checksum: false, createOnly: false }
      const honest = { fault: 'none', caughtBy: id, mutate: () => ({ enforces }), answer: looseHandler }
      expect(await run(id, honest)).toEqual({ status: 'passed' })
    })
  }
})

function run(id: string, mutant: BlobMutant) {
  const attachmentCase = attachmentCases.find((one) => one.id === id)
  assert.ok(attachmentCase, `there is no case ${id}`)
  return runAttachmentCase(attachmentCase, targetOf(mutant))
}

function targetOf(mutant: BlobMutant): AttachmentTarget {
  const signer = new UrlSigner({ baseUrl: server.url, secret: randomBytes(32).toString('hex') })
  const memory = new MemoryBlobDriver(signer)
  const driver: BlobDriver = withFault(memory, mutant.mutate?.(memory) ?? {})
  const plain = blobHandler(driver, signer)
  handler = mutant.answer?.(plain, driver, signer) ?? plain
  return {
    open: async (options) =>
      Object.assign(new DriverAttachmentStore(driver, mutant.options?.(options) ?? options), { handler }),
  }
}
