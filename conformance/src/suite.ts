import { attachmentCases } from './attachments/attachment-cases.ts'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { runAttachmentCase } from './attachments/run-attachment-case.ts'
import { checkGaps, type Gaps } from './gaps.ts'
import type { Level } from './levels.ts'
import type { Outcome } from './outcome.ts'
import { factsOf } from './report/target-facts.ts'
import { runStoreCase } from './store/run-store-case.ts'
import { storeCases } from './store/store-cases.ts'
import type { StoreTarget } from './store/store-target.ts'

export type TargetKind = 'store' | 'attachment-store'

/** What every case has, whatever it is a case of. */
export interface SuiteCase {
  readonly id: string
  readonly promise: string
  readonly slow?: boolean
  /** Default: by its id, as `levelOf` tells. */
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
  /** Opens one instance and closes it again. */
  probe(): Promise<void>
  /** What the target says of itself; it is asked once. */
  facts(): ReturnType<typeof factsOf>
  close(): Promise<void>
}

/** Throws when the target declares a gap that the suite does not know. */
export function storeSuite(name: string, target: StoreTarget): Suite {
  return suiteOf('store', name, target, storeCases, runStoreCase)
}

/** Throws when the target declares a gap that the suite does not know. */
export function attachmentSuite(name: string, target: AttachmentTarget): Suite {
  return suiteOf('attachment-store', name, target, attachmentCases, runAttachmentCase)
}

function suiteOf<TTarget extends StoreTarget | AttachmentTarget, TCase extends SuiteCase & { readonly gap?: string }>(
  kind: TargetKind,
  name: string,
  target: TTarget,
  cases: readonly TCase[],
  run: (one: TCase, target: TTarget) => Promise<Outcome>,
): Suite {
  checkGaps(target.gaps, cases)
  let facts: ReturnType<typeof factsOf> | undefined
  const byId = new Map(cases.map((one) => [one.id, one]))
  return {
    kind,
    name,
    gaps: target.gaps ?? {},
    cases,
    run: async (id) => {
      const one = byId.get(id)
      if (!one) throw new TypeError(`there is no case ${id}`)
      return await run(one, target)
    },
    probe: async () => {
      const store = await target.open({ scope: ({ scope }) => scope })
      await store.close()
    },
    facts: () => {
      facts ??= factsOf(target)
      return facts
    },
    close: async () => await target.close?.(),
  }
}
