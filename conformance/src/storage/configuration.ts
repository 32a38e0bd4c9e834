import assert from 'node:assert/strict'
import { isNotFoundError } from '@threadkeep/core'
import { hasLedger } from '@threadkeep/core/driver'
import type { Storage } from '@threadkeep/storage'
import { expectCode } from '../expect-code.ts'
import { everyMethod } from '../store/every-method.ts'
import { created, expectStatus } from './prepared.ts'
import { replacing } from './replacing.ts'
import type { StorageCase, StorageTrial } from './storage-case.ts'
import type { StorageContext } from './storage-target.ts'

export const configurationCases: readonly StorageCase[] = [
  {
    id: 'configuration/without-ledger',
    promise: 'A store without a ledger is refused with configuration, unless a ledger is given.',
    gap: 'createAttachment',
    async run(trial) {
      const { store, attachments } = trial
      assert.ok(hasLedger<StorageContext>(store), 'a store of a storage has a ledger')
      const { ledger } = store
      const handWritten = replacing(store, { ledger: undefined })
      await expectCode(made(trial, { store: handWritten, attachments }), 'configuration', 'createStorage')
      const storage = trial.createStorage({ store: handWritten, attachments, ledger, actor: ({ user }) => user })
      await expectStatus(trial, (await created({ storage, context: trial.context })).id, 'uploading')
    },
  },
  {
    id: 'configuration/without-objects',
    promise: 'An attachment store whose uploads cannot be verified is refused with configuration.',
    async run(trial) {
      const attachments = replacing(trial.attachments, { objects: undefined })
      await expectCode(made(trial, { store: trial.store, attachments }), 'configuration', 'createStorage')
    },
  },
  {
    id: 'configuration/two-scopes',
    promise:
      'Two adapters that give one context different scopes are configuration, at every call, before anything is saved.',
    async run(trial) {
      const { context, open } = trial
      const { storage } = await open({ attachmentScope: ({ scope }) => `${scope}-other` })
      for (const [method, call] of Object.entries(everyCall(storage, context))) {
        await expectCode(call(), unlessUnsupported(method, 'configuration'), method)
      }
      const { data } = await trial.storage.store.loadThreads(9, null, 'asc', context)
      assert.deepEqual(data, [], 'a thread was saved')
    },
  },
  {
    id: 'configuration/bad-scopes',
    promise: 'A scope that is empty or not a string is invalid_argument in every call: no fallback.',
    async run({ storage, context }) {
      for (const scope of ['', undefined, 7] as string[]) {
        for (const [method, call] of Object.entries(everyCall(storage, { ...context, scope }))) {
          const codes = unlessUnsupported(method, 'invalid_argument')
          await expectCode(call(), codes, `${method} with the scope ${String(scope)}`)
        }
      }
    },
  },
  {
    id: 'configuration/setup-and-close',
    promise:
      'setup is safe again; close closes both, twice as well: every call rejects then, and never with not_found.',
    async run(trial) {
      const { storage } = await trial.open()
      await Promise.all([storage.setup(), storage.setup(), storage.store.setup(), storage.attachments.setup()])
      await Promise.all([storage.store.ping(), storage.attachments.ping()])
      await storage.close()
      await storage.close()
      for (const [method, call] of Object.entries(everyCall(storage, trial.context))) {
        const error = await call().catch((reason: unknown) => reason)
        assert.ok(error instanceof Error, `${method} resolved after close()`)
        assert.ok(!isNotFoundError(error), `${method} says not_found after close()`)
      }
      await trial.storage.store.ping()
      await trial.storage.attachments.ping()
    },
  },
]

async function made(
  { createStorage }: StorageTrial,
  options: Parameters<StorageTrial['createStorage']>[0],
): Promise<unknown> {
  return createStorage(options)
}

/** An attachment store that names no uploads may say so first. */
function unlessUnsupported(method: string, code: string): string[] {
  return method === 'createAttachment' ? [code, 'not_supported'] : [code]
}

/** Every call of a storage that belongs to a tenant. */
function everyCall(storage: Storage<StorageContext>, context: StorageContext): Record<string, () => Promise<unknown>> {
  const { store, attachments, uploads } = storage
  return {
    ...everyMethod(store, context),
    createAttachment: () => attachments.createAttachment({ name: 'a', size: 1, mime_type: 'text/plain' }, context),
    'deleteAttachment of attachments': () => attachments.deleteAttachment('a1', context),
    load: () => uploads.load('a1', context),
    complete: () => uploads.complete('a1', context),
    fail: () => uploads.fail('a1', {}, context),
    delete: () => uploads.delete('a1', {}, context),
  }
}
