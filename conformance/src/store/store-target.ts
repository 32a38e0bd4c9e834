import type { Store } from '@threadkeep/core'
import type { TargetFacts } from '../report/target-facts.ts'
import type { SuiteContext } from '../suite-context.ts'

/** How the suite gets at a store, over one backend that stays the same for all cases. */
export interface StoreTarget extends TargetFacts {
  /**
   * A store over the backend, ready for use (set up). It is called many times: every call gives a further instance over
   * the same backend, and the suite closes each. All options must reach the store's constructor as they are, also bad ones.
   */
  open(options: StoreTargetOptions): Promise<Store<SuiteContext>>
  /** What this store cannot do, each with the reason in words; the opposite cases run instead. Default: nothing. */
  readonly gaps?: Readonly<Partial<Record<StoreGap, string>>>
  /** How a process of its own opens the same backend. Default: none can, and the cases of two processes are skipped. */
  otherProcess?(): Promise<OtherProcess>
  /** Runs when all cases have run. */
  close?(): Promise<void>
}

export interface OtherProcess {
  /** The URL of a module that exports `open(options, argument)`, which gives a store as the target's `open` does. */
  readonly module: URL | string
  /** Whatever `open` needs to find the backend, such as its URL. Default: an empty string. */
  readonly argument?: string
}

export interface StoreTargetOptions {
  readonly scope: (context: SuiteContext) => string
  readonly maxBodyBytes?: number
  readonly timeoutMs?: number
}

/** `deleted-cursor`: ids of deleted rows do not work as cursors; they must then be refused with `invalid_cursor`. */
export type StoreGap = 'deleted-cursor'
