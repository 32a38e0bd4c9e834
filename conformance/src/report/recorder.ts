import { levelOf, levelReached } from '../levels.ts'
import type { Outcome } from '../outcome.ts'
import type { Suite } from '../suite.ts'
import { suiteVersion } from '../suite-version.ts'
import { inWords } from './in-words.ts'
import type { CaseReport, Report } from './report.ts'
import { withoutHost, withoutPlaces } from './without-machine.ts'

/** Collects what becomes of the cases of one target. */
export class Recorder {
  readonly #suite: Suite
  readonly #seed: number | null
  #started = new Date()
  #start = performance.now()
  readonly #results = new Map<string, Pick<CaseReport, 'result' | 'reason' | 'gap' | 'message' | 'ms'>>()
  readonly #faults: string[] = []

  constructor(suite: Suite, seed: number | null) {
    this.#suite = suite
    this.#seed = seed
  }

  /** The first case is about to run. Default: the run began when this recorder was made. */
  begin(): void {
    this.#started = new Date()
    this.#start = performance.now()
  }

  ended(id: string, outcome: Outcome, ms: number): void {
    this.#results.set(id, { ...resultOf(outcome), ms: Math.round(ms) })
  }

  failed(id: string, error: unknown, ms: number): void {
    this.#results.set(id, { result: 'failed', message: withoutHost(inWords(error)), ms: Math.round(ms) })
  }

  /** Something failed outside of all cases. */
  fault(error: unknown): void {
    this.#faults.push(withoutHost(inWords(error)))
  }

  /** What was seen until now. */
  async report(): Promise<Report> {
    const { kind, name, gaps, cases } = this.#suite
    const duration = Math.round(performance.now() - this.#start)
    const facts = await this.#suite.facts()
    return withoutPlaces({
      schema: 1,
      suite: { name: '@threadkeep/conformance', version: suiteVersion, cases: cases.length },
      target: { kind, name },
      ...facts,
      runtime: { node: process.version },
      started: this.#started.toISOString(),
      duration,
      seed: this.#seed,
      level: levelReached(cases, this.#results),
      gaps: Object.entries(gaps).map(([gap, reason = '']) => ({ gap, reason })),
      cases: this.#cases(),
      faults: this.#faults,
    })
  }

  #cases(): CaseReport[] {
    return this.#suite.cases.flatMap((one) => {
      const result = this.#results.get(one.id)
      return result ? [{ id: one.id, promise: one.promise, level: levelOf(one), ...result }] : []
    })
  }
}

function resultOf(outcome: Outcome): Pick<CaseReport, 'result' | 'reason' | 'gap'> {
  if (outcome.status === 'passed') return { result: 'passed' }
  const { status, reason, gap } = outcome
  if (gap === undefined) return { result: 'skipped', reason }
  const instead = status === 'declared gap' ? '; the opposite case passed' : ''
  return { result: 'skipped', reason: `declared gap: ${reason}${instead}`, gap }
}
