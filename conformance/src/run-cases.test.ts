import assert from 'node:assert/strict'
import type { Store } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { describe, expect, it } from 'vitest'
import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { runStoreCase } from './store/run-store-case.ts'
import type { StoreCase } from './store/store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'
import type { SuiteContext } from './suite-context.ts'

const broken: StoreCase = {
  id: 'a-group/a-case',
  promise: 'Two and two are five.',
  run: async () => assert.equal(2 + 2, 5, 'they are four'),
}

describe('cases', () => {
  it.each([
    ['of stores', storeCases],
    ['of attachment stores', attachmentCases],
  ])('%s have ids of their own and promises in words', (_, cases) => {
    const ids = cases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, promise } of cases) {
      expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/)
      expect(promise).toMatch(/^.{20,160}\.$/)
    }
  })
})

describe('running a case', () => {
  it('says of a failure which promise is broken, and what was seen', async () => {
    const failure = runStoreCase(broken, memory())
    await expect(failure).rejects.toThrow(/^a-group\/a-case: Two and two are five\.\n {2}they are four/)
  })

  it('closes every instance that it opened, also after a failure', async () => {
    const opened: Store<SuiteContext>[] = []
    const driver = new MemoryStoreDriver()
    const target: StoreTarget = {
      open: async (options) => {
        opened.push(new MemoryStore({ ...options, driver }))
        return opened.at(-1) ?? assert.fail()
      },
    }
    const run: StoreCase['run'] = async ({ open }) => {
      await open()
      assert.fail()
    }
    await expect(runStoreCase({ ...broken, run }, target)).rejects.toThrow('a-group/a-case')
    expect(opened).toHaveLength(2)
    for (const store of opened) await expect(store.ping()).rejects.toMatchObject({ code: 'configuration' })
  })

  it('notices when a case leaves its tenant', async () => {
    const driver = new MemoryStoreDriver()
    const target = { open: async () => new MemoryStore<SuiteContext>({ scope: () => 'everybody', driver }) }
    const run: StoreCase['run'] = ({ store, context }) => store.deleteThreadItem('t2', 'm3', context)
    await expect(runStoreCase({ ...broken, run }, target)).rejects.toThrow('records of another tenant changed')
  })

  it('skips what needs a ledger for a store that has none, and says so', async () => {
    const outcomes = []
    for (const one of storeCases.filter(({ needs }) => needs === 'ledger')) {
      outcomes.push(await runStoreCase(one, memory(withoutLedger)))
    }
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set(['{"status":"skipped","reason":"this store has no ledger"}']),
    )
  })

  it('runs everything else for a store without a ledger', async () => {
    const target = memory(withoutLedger)
    for (const one of storeCases.filter(({ needs, slow }) => needs === undefined && !slow)) {
      expect(await runStoreCase(one, target), one.id).toEqual({ status: 'passed' })
    }
  })

  it('skips what needs a handler for an attachment store whose URLs a service answers', async () => {
    const target: AttachmentTarget = { open: async (options) => hiding('handler', new MemoryAttachmentStore(options)) }
    const [one] = attachmentCases.filter(({ needs }) => needs === 'handler')
    assert.ok(one)
    const outcome = await runAttachmentCase(one, target)
    expect(outcome).toEqual({ status: 'skipped', reason: 'a service answers its URLs' })
  })
})

function memory(wrap = (store: Store<SuiteContext>) => store): StoreTarget {
  const driver = new MemoryStoreDriver()
  return { open: async (options) => wrap(new MemoryStore({ ...options, driver })) }
}

function withoutLedger(store: Store<SuiteContext>): Store<SuiteContext> {
  return hiding('ledger', store)
}

function hiding<T extends object>(hidden: string, subject: T): T {
  return new Proxy(subject, {
    has: (target, key) => key !== hidden && Reflect.has(target, key),
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
