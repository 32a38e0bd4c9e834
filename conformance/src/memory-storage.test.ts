import { readFileSync } from 'node:fs'
import type { Store } from '@threadkeep/core'
import { createStorage } from '@threadkeep/storage'
import { describe, expect, it } from 'vitest'
import { memoryPair } from '../test/memory-pair.ts'
import { looseHandler } from './mutants/loose-handler.ts'
import { withFault } from './mutants/mutant.ts'
import { runStorageCase } from './storage/run-storage-case.ts'
import { storageCases } from './storage/storage-cases.ts'
import { runStoreCase } from './store/run-store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'
import type { SuiteContext } from './suite-context.ts'
import { testStorage } from './vitest.ts'

const facts = {
  adapter: JSON.parse(readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8')),
  backend: { name: 'memory', version: process.version, origin: 'this process' },
}

const pair = await memoryPair()
const store = { ...pair.store, ...facts }
testStorage('memory × memory', { store, attachments: { ...pair.attachments, ...facts }, races: 200 })

const enforces = { size: false, type: false, checksum: false, createOnly: false }
const lenient = await memoryPair({ enforces, answer: looseHandler })

describe('a storage over a backend that refuses no upload, and says so', () => {
  for (const one of storageCases) {
    it(`keeps ${one.id}`, async () => {
      const { status } = await runStorageCase(one, lenient)
      expect(status).toBe(one.needs ? 'skipped' : 'passed')
    })
  }
})

/** Whatever record is loaded has bytes, as those have that a server wrote itself. */
const aStore: StoreTarget = {
  open: async (options) => {
    const attachments = await pair.attachments.open(options)
    const { store } = createStorage({ store: await pair.store.open(options), attachments })
    return withFault<Store<SuiteContext>>(store, {
      loadAttachment: async (id, context) => {
        if (!(await attachments.headAttachment(id, context))) {
          await attachments.writeAttachment(id, new Uint8Array(1), context)
        }
        return store.loadAttachment(id, context)
      },
    })
  },
}

/** Attachments with URLs, with ids that no object can have or saved again after a deletion, and items that are null. */
const different = [
  'attachment-records/',
  'ids/of-attachments',
  'scopes/siblings',
  'model/attachments',
  'arguments/bodies',
]

describe('the store of a storage is a store', () => {
  for (const one of storeCases) {
    if (one.needs || different.some((name) => one.id.startsWith(name))) continue
    it(`that keeps ${one.id}`, async () => {
      expect(await runStoreCase(one, aStore)).toEqual({ status: 'passed' })
    })
  }
})
