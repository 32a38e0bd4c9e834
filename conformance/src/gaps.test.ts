import assert from 'node:assert/strict'
import { StorageError, type Store } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { withFault } from './mutants/mutant.ts'
import { runStoreCase } from './store/run-store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'
import type { SuiteContext } from './suite-context.ts'

const forgets = { 'deleted-cursor': 'it forgets deleted rows' }

describe('a declared gap', () => {
  it('is proved by one case at least, which knows what happens instead', () => {
    const gapped = [...storeCases, ...attachmentCases].filter(({ gap }) => gap !== undefined)
    const proved = gapped.filter(({ opposite }) => opposite !== undefined).map(({ gap }) => gap)
    expect(new Set(gapped.map(({ gap }) => gap))).toEqual(new Set(proved))
  })

  it('passes when the store refuses, with the reason', async () => {
    const outcome = await runStoreCase(storeCase('cursors/of-a-deleted-row'), { ...forgetful(), gaps: forgets })
    expect(outcome).toEqual({ status: 'declared gap', gap: 'deleted-cursor', reason: 'it forgets deleted rows' })
  })

  it('fails as a false declaration when the store can do it', async () => {
    const failure = runStoreCase(storeCase('cursors/of-a-deleted-row'), { ...memory(), gaps: forgets })
    await expect(failure).rejects.toThrow('false declaration: the gap deleted-cursor is declared')
    const uploads: AttachmentTarget = {
      open: async (options) => new MemoryAttachmentStore(options),
      gaps: { createAttachment: 'nobody uploads' },
    }
    await expect(runAttachmentCase(attachmentCase('create/file'), uploads)).rejects.toThrow('false declaration')
  })

  it('fails when the store neither keeps the promise nor refuses it', async () => {
    const target = { ...forgetful('unavailable'), gaps: forgets }
    const failure = runStoreCase(storeCase('cursors/of-a-deleted-row'), target)
    await expect(failure).rejects.toThrow('must reject with invalid_cursor, but rejected with unavailable')
  })

  it('skips the cases that have no opposite, with the reason', async () => {
    const target: AttachmentTarget = {
      open: async (options) => withFault(new MemoryAttachmentStore(options), { createAttachment: refuse }),
      gaps: { createAttachment: 'nobody uploads' },
    }
    const skipped = await runAttachmentCase(attachmentCase('create/image'), target)
    expect(skipped).toEqual({ status: 'skipped', gap: 'createAttachment', reason: 'nobody uploads' })
    expect(await runAttachmentCase(attachmentCase('create/file'), target)).toMatchObject({ status: 'declared gap' })
    const brokenOff = await runAttachmentCase(attachmentCase('upload/broken-off'), target)
    expect(brokenOff).toEqual({ status: 'skipped', reason: 'nobody uploads' })
  })

  it('must be one that the suite knows, and have a reason', async () => {
    const one = storeCase('threads/round-trip')
    const unknown = Object.assign(memory(), { gaps: { cursors: 'none' } })
    await expect(runStoreCase(one, unknown)).rejects.toThrow('there is no gap "cursors"; a target may declare deleted')
    const silent = { ...memory(), gaps: { 'deleted-cursor': ' ' } }
    await expect(runStoreCase(one, silent)).rejects.toThrow('the gap deleted-cursor needs its reason')
  })
})

function storeCase(id: string) {
  return storeCases.find((one) => one.id === id) ?? assert.fail(id)
}

function attachmentCase(id: string) {
  return attachmentCases.find((one) => one.id === id) ?? assert.fail(id)
}

function memory(): StoreTarget {
  const driver = new MemoryStoreDriver()
  return { open: async (options) => new MemoryStore({ ...options, driver }) }
}

/** A store that knows no row that is gone. */
function forgetful(code: 'invalid_cursor' | 'unavailable' = 'invalid_cursor'): StoreTarget {
  const driver = new MemoryStoreDriver()
  const open: StoreTarget['open'] = async (options) => {
    const store = new MemoryStore({ ...options, driver })
    const loadThreadItems: Store<SuiteContext>['loadThreadItems'] = async (threadId, after, limit, order, context) => {
      if (after) {
        await store.loadItem(threadId, after, context).catch(() => {
          throw new StorageError(code, 'no such row')
        })
      }
      return store.loadThreadItems(threadId, after, limit, order, context)
    }
    return withFault<Store<SuiteContext>>(store, { loadThreadItems })
  }
  return { open }
}

async function refuse(): Promise<never> {
  throw new StorageError('not_supported', 'bytes are written by the server alone')
}
