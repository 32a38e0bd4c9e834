import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { checkGaps, type Gaps } from './gaps.ts'
import type { Level } from './levels.ts'
import type { Outcome } from './outcome.ts'
import { probeAttachmentStore, probeStorage, probeStore } from './probe.ts'
import { factsOf } from './report/target-facts.ts'
import { sharedClose } from './shared-close.ts'
import { runStorageCase, storageGaps } from './storage/run-storage-case.ts'
import { storageCases } from './storage/storage-cases.ts'
import { storageFacts } from './storage/storage-facts.ts'
import type { StorageTarget } from './storage/storage-target.ts'
import { runStoreCase } from './store/run-store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'

export type TargetKind = 'store' | 'attachment-store' | 'storage'

/** What every case has, whatever it is a case of. */
export interface SuiteCase {
  readonly id: string
  readonly promise: string
  readonly slow?: boolean
  /** Default: `concurrent` in the group of that name, `core` elsewhere. */
  readonly level?: Level
}

/** All cases of one target, to be run one after another. */
export interface Suite {
  readonly kind: TargetKind
  readonly name: string
  readonly gaps: Gaps
  readonly cases: readonly SuiteCase[]
  /** Rejects with `BrokenPromise` when the case fails. */
  run(id: string): Promise<Outcome>
  /** Opens one instance, asks whether its backend answers and closes it; rejects with one sentence when it does not. */
  probe(): Promise<void>
  /** What the target says of itself; it is asked once. */
  facts(): ReturnType<typeof factsOf>
  close(): Promise<void>
}

/** Throws when the target declares a gap that the suite does not know. */
export function storeSuite(name: string, target: StoreTarget): Suite {
  return suiteOf('store', name, storeCases, {
    gaps: target.gaps,
    run: (one) => runStoreCase(one, target),
    probe: () => probeStore(target),
    facts: () => factsOf(target),
    close: sharedClose(target),
  })
}

/** Throws when the target declares a gap that the suite does not know. */
export function attachmentSuite(name: string, target: AttachmentTarget): Suite {
  return suiteOf('attachment-store', name, attachmentCases, {
    gaps: target.gaps,
    run: (one) => runAttachmentCase(one, target),
    probe: () => probeAttachmentStore(target),
    facts: () => factsOf(target),
    close: sharedClose(target),
  })
}

export function storageSuite(name: string, target: StorageTarget): Suite {
  return suiteOf('storage', name, storageCases, {
    gaps: storageGaps(target),
    run: (one) => runStorageCase(one, target),
    probe: () => probeStorage(target),
    facts: () => storageFacts(target),
    close: sharedClose(target.store, target.attachments),
  })
}

interface SuiteParts<TCase> extends Pick<Suite, 'probe' | 'facts' | 'close'> {
  readonly gaps: Gaps | undefined
  run(one: TCase): Promise<Outcome>
}

function suiteOf<TCase extends SuiteCase & { readonly gap?: string }>(
  kind: TargetKind,
  name: string,
  cases: readonly TCase[],
  { gaps = {}, run, probe, facts, close }: SuiteParts<TCase>,
): Suite {
  checkGaps(gaps, cases)
  let told: ReturnType<Suite['facts']> | undefined
  const byId = new Map(cases.map((one) => [one.id, one]))
  return {
    kind,
    name,
    gaps,
    cases,
    run: async (id) => {
      const one = byId.get(id)
      if (!one) throw new TypeError(`there is no case ${id}`)
      return await run(one)
    },
    probe,
    facts: () => {
      told ??= facts()
      return told
    },
    close,
  }
}
