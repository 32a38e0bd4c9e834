import type { Level } from '../levels.ts'
import type { TargetKind } from '../suite.ts'
import type { AdapterFacts, BackendFacts } from './target-facts.ts'

/** What one run saw of one target. It tells nothing of the machine: hosts, paths and URLs in messages are masked. */
export interface Report {
  /** Of this shape; a field that changes its meaning raises it, one that is added does not. */
  readonly schema: 1
  /** The suite, and how many cases it has for such a target; a run may have looked at fewer. */
  readonly suite: { readonly name: string; readonly version: string; readonly cases: number }
  readonly target: { readonly kind: TargetKind; readonly name: string }
  /** `null`: the target does not tell. */
  readonly adapter: AdapterFacts | null
  /** `null`: the target does not tell. */
  readonly backend: BackendFacts | null
  readonly runtime: { readonly node: string }
  /** ISO 8601, in UTC. */
  readonly started: string
  /** In milliseconds. */
  readonly duration: number
  /** What decided the order of the cases and what the random ones did; `null`: the order of the suite, and chance. */
  readonly seed: number | null
  /** The highest that was reached; `null`: none. */
  readonly level: Level | null
  /** What the target declares that its store cannot do. */
  readonly gaps: readonly { readonly gap: string; readonly reason: string }[]
  /** Those that were looked at, in the order of the suite. */
  readonly cases: readonly CaseReport[]
  /** Failures outside of all cases, in words: the close of the target, a promise that nobody awaited. */
  readonly faults: readonly string[]
}

export interface CaseReport {
  readonly id: string
  readonly promise: string
  readonly level: Level
  readonly result: 'passed' | 'failed' | 'skipped'
  /** Only if skipped: why. */
  readonly reason?: string
  /** Only if skipped because of a declared gap: which. */
  readonly gap?: string
  /** Only if failed: what was expected and what came. */
  readonly message?: string
  readonly ms: number
}
