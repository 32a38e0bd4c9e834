import assert from 'node:assert/strict'
import type { AttachmentStore, Store } from '@threadkeep/core'
import { hasLedger, hasObjects, type Ledger, type Objects } from '@threadkeep/core/driver'
import { createStorage, type Storage, type StorageOptions } from '@threadkeep/storage'
import type { StorageContext } from '../storage/storage-target.ts'
import { withFault } from './mutant.ts'

/** A storage with one fault, and the case that must notice it. */
export interface StorageMutant {
  readonly fault: string
  readonly caughtBy: string
  /** Called once for all storages over one pair, which share what it remembers. */
  faults(): StorageFaults
}

/** What is replaced of the two faces that a storage is made from, and of the storage itself. */
export interface StorageFaults {
  options?(given: StorageOptions<StorageContext>): Partial<StorageOptions<StorageContext>>
  ledger?(ledger: Ledger<StorageContext>): Partial<Ledger<StorageContext>>
  objects?(objects: Objects<StorageContext>, ledger: Ledger<StorageContext>): Partial<Objects<StorageContext>>
  store?(sound: Sound): Partial<Store<StorageContext>>
  uploads?(sound: Sound): Partial<Storage<StorageContext>['uploads']>
  content?(sound: Sound): Storage<StorageContext>['content']
}

/** The storage without the fault, and what is behind it. */
interface Sound {
  readonly storage: Storage<StorageContext>
  readonly store: Store<StorageContext>
  readonly ledger: Ledger<StorageContext>
  readonly objects: Objects<StorageContext>
}

type WithObjects = AttachmentStore<StorageContext> & { readonly objects: Objects<StorageContext> }

/** Makes storages with the faults. */
export function faultyStorage(
  faults: StorageFaults,
): (given: StorageOptions<StorageContext>) => Storage<StorageContext> {
  return (given) => {
    const options = { ...given, ...faults.options?.(given) }
    const { store, attachments } = options
    const known = options.ledger ?? ledgerOf(store)
    assert.ok(hasObjects<StorageContext>(attachments), 'an attachment store without objects makes no faulty storage')
    const ledger = withFault(known, faults.ledger?.(known) ?? {})
    const objects = withFault(attachments.objects, faults.objects?.(attachments.objects, known) ?? {})
    const storage = createStorage({ ...options, ledger, attachments: withObjects(attachments, objects) })
    const sound = { storage, store, ledger: known, objects: attachments.objects }
    return {
      ...storage,
      store: withFault(storage.store, faults.store?.(sound) ?? {}),
      uploads: withFault(storage.uploads, faults.uploads?.(sound) ?? {}),
      content: faults.content?.(sound) ?? storage.content,
    }
  }
}

function ledgerOf(store: Store<StorageContext>): Ledger<StorageContext> {
  assert.ok(hasLedger<StorageContext>(store), 'a store without a ledger makes no faulty storage')
  return store.ledger
}

function withObjects(attachments: WithObjects, objects: Objects<StorageContext>): WithObjects {
  return withFault<WithObjects>(attachments, { objects })
}
