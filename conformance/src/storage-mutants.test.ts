import assert from 'node:assert/strict'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryPair } from '../test/memory-pair.ts'
import { BrokenPromise } from './broken-promise.ts'
import { contentMutants } from './mutants/content-mutants.ts'
import { faultyStorage } from './mutants/storage-mutant.ts'
import { storageMutants } from './mutants/storage-mutants.ts'
import { uploadMutants } from './mutants/upload-mutants.ts'
import { runStorageCase } from './storage/run-storage-case.ts'
import { storageCases } from './storage/storage-cases.ts'

const pair = await memoryPair()

afterAll(() => pair.attachments.close?.())

describe('a storage with a fault is caught', () => {
  for (const { fault, caughtBy, faults } of [...uploadMutants, ...storageMutants, ...contentMutants]) {
    it(`${fault}: by ${caughtBy}`, async () => {
      const storageCase = storageCases.find(({ id }) => id === caughtBy)
      assert.ok(storageCase, `there is no case ${caughtBy}`)
      expect(await runStorageCase(storageCase, pair)).toEqual({ status: 'passed' })
      const faulty = { ...pair, create: faultyStorage(faults()) }
      await expect(runStorageCase(storageCase, faulty)).rejects.toThrow(BrokenPromise)
    })
  }
})
