import type { Attachment, Store, ThreadItem, ThreadMetadata } from '@threadkeep/core'
import type { Ledger } from '@threadkeep/core/driver'
import type { Level } from '../levels.ts'
import type { SuiteContext } from '../suite-context.ts'
import type { StoreGap, StoreTarget, StoreTargetOptions } from './store-target.ts'

/** One promise of the contract of stores, and how to see that it holds. */
export interface StoreCase {
  /** `group/name`, stable, for reports. */
  readonly id: string
  /** What the store promises, in a sentence. */
  readonly promise: string
  /** Writes a thousand rows or many megabytes: allow minutes on a slow backend. */
  readonly slow?: boolean
  /** Default: `concurrent` in the group of that name, `core` elsewhere. */
  readonly level?: Level
  /** Runs only for stores that have it, or can be opened by it; skipped for others. */
  readonly needs?: 'ledger' | 'another process'
  /** A store may declare this gap; `opposite` runs for it instead, or nothing. */
  readonly gap?: StoreGap
  /** Rejects when the promise does not hold. */
  run(trial: StoreTrial): Promise<void>
  /** What a store with the declared gap promises instead. */
  opposite?(trial: StoreTrial): Promise<void>
}

/**
 * What a case has to work with. Another tenant holds the threads `t1` and `t2`, each with the items `m1` to `m3`, and
 * the attachments `a1` and `a2`; a case that uses these ids proves that it leaves them untouched.
 */
export interface StoreTrial {
  readonly store: Store<SuiteContext>
  /** The second face of the store; reading it fails where there is none. */
  readonly ledger: Ledger<SuiteContext>
  /** Of a scope that nobody used before. */
  readonly context: SuiteContext
  /** Of a further scope that nobody used before; `mark` is put at its end. */
  stranger(mark?: string): SuiteContext
  /** A further instance over the same backend; closed after the case. */
  open(options?: Partial<StoreTargetOptions>): Promise<Store<SuiteContext>>
  /** How another process opens the backend; absent where none can. */
  readonly otherProcess?: NonNullable<StoreTarget['otherProcess']>
  thread(id: string, createdAt?: string): ThreadMetadata
  message(threadId: string, id: string, createdAt?: string): ThreadItem
  attachment(id: string): Attachment
}
