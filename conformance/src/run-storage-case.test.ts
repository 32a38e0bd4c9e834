import assert from 'node:assert/strict'
import { StorageError } from '@threadkeep/core'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { Storage } from '@threadkeep/storage'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryPair } from '../test/memory-pair.ts'
import { levelOf } from './levels.ts'
import { withFault } from './mutants/mutant.ts'
import { replacing } from './storage/replacing.ts'
import { runStorageCase } from './storage/run-storage-case.ts'
import type { StorageCase } from './storage/storage-case.ts'
import { storageCases } from './storage/storage-cases.ts'
import type { StorageContext, StorageTarget } from './storage/storage-target.ts'
import { attachmentSuite, storageSuite, storeSuite } from './suite.ts'
import type { SuiteContext } from './suite-context.ts'

const pair = await memoryPair()
afterAll(() => pair.attachments.close?.())

const aCase: StorageCase = { id: 'a-group/a-case', promise: 'Two and two are four.', run: async () => {} }

describe('cases of storages', () => {
  it('have ids of their own and promises in words', () => {
    const ids = storageCases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, promise } of storageCases) {
      expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/)
      expect(promise, id).toMatch(/^.{20,160}\.$/)
    }
    expect(new Set(storageCases.map((one) => levelOf(one)))).toEqual(new Set(['core', 'concurrent']))
  })
})

describe('running a case of a storage', () => {
  it('says of a failure which promise is broken, and closes what it opened', async () => {
    const opened: { ping(): Promise<void> }[] = []
    const target: StorageTarget = {
      store: { open: async (options) => kept(await pair.store.open(options)) },
      attachments: { open: async (options) => kept(await pair.attachments.open(options)) },
    }
    const kept = <T extends { ping(): Promise<void> }>(one: T): T => {
      opened.push(one)
      return one
    }
    const run: StorageCase['run'] = async ({ open }) => {
      await open()
      assert.fail('they are four')
    }
    const failure = runStorageCase({ ...aCase, run }, target)
    await expect(failure).rejects.toThrow(/^a-group\/a-case: Two and two are four\.\n {2}they are four/)
    expect(opened).toHaveLength(4)
    for (const one of opened) await expect(one.ping()).rejects.toMatchObject({ code: 'configuration' })
  })

  it('notices when a case changes another tenant’s records or bytes', async () => {
    for (const harm of ['store', 'attachments'] as const) {
      const neighbours: SuiteContext[] = []
      const scope = (context: SuiteContext) => {
        if (context.scope.startsWith('TENANT')) neighbours.push(context)
        return context.scope
      }
      const target: StorageTarget = {
        store: { open: async (options) => pair.store.open({ ...options, scope }) },
        attachments: pair.attachments,
      }
      const run: StorageCase['run'] = async (trial) => {
        const neighbour = neighbours[0] ?? assert.fail('there is no neighbour')
        if (harm === 'store') await trial.store.deleteThreadItem('t1', 'm1', neighbour)
        else await trial.attachments.deleteAttachment('a1', neighbour)
      }
      await expect(runStorageCase({ ...aCase, run }, target)).rejects.toThrow(/another tenant changed|no bytes/)
    }
  })

  it('skips everything for a store without a ledger, once that is refused', async () => {
    const target = (create?: StorageTarget['create']): StorageTarget => ({
      store: { open: async (options) => replacing(await pair.store.open(options), { ledger: undefined }) },
      attachments: pair.attachments,
      ...(create && { create }),
    })
    const skipped = { status: 'skipped', reason: 'this store has no ledger' }
    for (const one of storageCases) expect(await runStorageCase(one, target())).toEqual(skipped)
    const careless = target(() => ({}) as Storage<StorageContext>)
    await expect(runStorageCase(aCase, careless)).rejects.toThrow('must reject with configuration')
  })

  it('skips what uploads for an attachment store that names no uploads, and keeps the rest', async () => {
    const gaps = { createAttachment: 'its uploads go through the server' }
    const attachments: StorageTarget['attachments'] = {
      gaps,
      open: async (options) => {
        const store = await pair.attachments.open(options)
        return withFault(store, {
          createAttachment: async () => {
            throw new StorageError('not_supported', gaps.createAttachment)
          },
        })
      },
    }
    for (const one of storageCases) {
      const { status } = await runStorageCase(one, { store: pair.store, attachments })
      expect(status, one.id).toBe(one.gap ? (one.opposite ? 'declared gap' : 'skipped') : 'passed')
    }
  })
})

describe('the suite of a storage', () => {
  it('tells both adapters and backends, and nothing of what neither tells', async () => {
    const told = { adapter: { name: 'one', version: '1' }, backend: { name: 'base', version: '9', origin: 'docker' } }
    const silent = storageSuite('silent', pair)
    expect(await silent.facts()).toEqual({ adapter: null, backend: null })
    const half = storageSuite('half', { ...pair, store: { ...pair.store, ...told } })
    expect(await half.facts()).toEqual({
      adapter: { name: 'one × not told', version: '1 × not told' },
      backend: { name: 'base × not told', version: '9 × not told', origin: 'docker × not told' },
    })
  })

  it('closes its targets, and leaves that to the last suite that uses them', async () => {
    const closed: string[] = []
    const driver = new MemoryStoreDriver()
    const store = {
      open: async (options: { scope: (context: SuiteContext) => string }) => new MemoryStore({ ...options, driver }),
      close: async () => void closed.push('store'),
    }
    const attachments = { open: pair.attachments.open, close: async () => void closed.push('attachments') }
    const [first, second, both] = [
      storeSuite('first', store),
      attachmentSuite('second', attachments),
      storageSuite('both', { store, attachments }),
    ]
    await first.close()
    await both.close()
    expect(closed).toEqual(['store'])
    await second.close()
    expect(closed).toEqual(['store', 'attachments'])
  })
})
