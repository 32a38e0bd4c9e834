import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobDriver, blobHandler, DriverAttachmentStore, UrlSigner } from '@threadkeep/core/driver'
import { MemoryBlobDriver } from '@threadkeep/core/memory'
import { afterAll, describe, expect, it } from 'vitest'
import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import type { Handler } from './attachments/handler.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { BrokenPromise } from './broken-promise.ts'
import type { BlobMutant } from './mutants/blob-mutant.ts'
import { blobMutants } from './mutants/blob-mutants.ts'
import { claimMutants } from './mutants/claim-mutants.ts'
import { handlerMutants } from './mutants/handler-mutants.ts'
import { inFiles } from './mutants/in-files.ts'
import { instanceMutants } from './mutants/instance-mutants.ts'
import { looseHandler } from './mutants/loose-handler.ts'
import { withFault } from './mutants/mutant.ts'
import { streamMutants } from './mutants/stream-mutants.ts'
import { serve } from './serve.ts'

let handler: Handler = async () => new Response(null, { status: 503 })
const server = await serve((request) => handler(request))
const folder = await mkdtemp(join(tmpdir(), 'threadkeep-mutants-'))

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const mutants = [...blobMutants, ...streamMutants, ...claimMutants, ...instanceMutants, ...handlerMutants]

describe('an attachment store with a fault is caught', () => {
  for (const mutant of mutants) {
    it(`${mutant.fault}: by ${mutant.caughtBy}`, async () => {
      await expect(run(mutant.caughtBy, mutant)).rejects.toThrow(BrokenPromise)
    })
  }
})

describe('an attachment store that keeps its bytes in files', () => {
  const gaps = { 'bounded-memory': 'it is said to hold them' }
  const honest = (caughtBy: string) => ({ fault: 'none', caughtBy, inFiles: true })

  for (const { id, promise } of attachmentCases.filter(({ gap }) => gap === 'bounded-memory')) {
    it(`holds none of them: ${promise}`, async () => {
      expect(await run(id, honest(id))).toEqual({ status: 'passed' })
    })
  }

  it('declares the gap bounded-memory falsely', async () => {
    const target = { ...targetOf(honest('large/memory')), gaps }
    await expect(runAttachmentCase(attachmentCase('large/memory'), target)).rejects.toThrow('false declaration')
  })
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
  return runAttachmentCase(attachmentCase(id), targetOf(mutant))
}

function attachmentCase(id: string) {
  return attachmentCases.find((one) => one.id === id) ?? assert.fail(`there is no case ${id}`)
}

function targetOf(mutant: BlobMutant): AttachmentTarget {
  const secret = randomBytes(32).toString('hex')
  const signer = new UrlSigner({ baseUrl: server.url, secret })
  const memory: BlobDriver = new MemoryBlobDriver(signer)
  const sound = mutant.inFiles ? withFault(memory, inFiles(folder)) : memory
  const driver = withFault(sound, mutant.mutate?.(sound, secret) ?? {})
  const plain = blobHandler(driver, signer)
  handler = mutant.answer?.(plain, driver, signer) ?? plain
  return {
    secrets: [secret],
    open: async (options) => {
      const store = new DriverAttachmentStore(driver, mutant.options?.(options) ?? options)
      return Object.assign(withFault(store, mutant.wrap?.(store) ?? {}), { handler })
    },
  }
}
