import { AssertionError } from 'node:assert'
import { inOrder } from '../case-order.ts'
import type { Outcome } from '../outcome.ts'
import { patienceMs, patienceOf } from '../patience.ts'
import { Recorder } from '../report/recorder.ts'
import type { Report } from '../report/report.ts'
import type { Suite, SuiteCase } from '../suite.ts'
import { withDeadline } from '../with-deadline.ts'
import type { Interruption } from './interruption.ts'
import { Progress } from './progress.ts'
import type { StrayErrors } from './stray-errors.ts'

export interface Selection {
  readonly grep: string
  readonly seed: number | null
}

/** What may happen to a run from outside. */
export interface Surroundings {
  readonly stray: StrayErrors
  readonly interruption: Interruption
}

interface Ended {
  readonly outcome?: Outcome
  readonly error?: unknown
  readonly ms: number
}

/**
 * Runs the selected cases of a suite one after another, closes the target, and gives what was seen. Interrupted, it
 * gives what was seen until then, and the interruption as a fault.
 */
export async function runSuite(suite: Suite, { grep, seed }: Selection, around: Surroundings): Promise<Report> {
  const { stray, interruption } = around
  const cases = inOrder(selected(suite.cases, grep), seed)
  const recorder = new Recorder(suite, seed)
  const progress = new Progress(process.stdout, cases.length)
  for (const error of await stray.take()) recorder.fault(error)
  try {
    for (const one of cases) {
      progress.begins(one.id)
      record(one.id, await interruption.orEnd(runCase(one, suite, stray)), recorder, progress)
    }
  } catch (error) {
    if (error !== interruption.reason) throw error
    recorder.fault(new AssertionError({ message: `the run was ${interruption.reason?.message}`, operator: 'fail' }))
  }
  progress.end()
  await closeSuite(suite).catch((error: unknown) => recorder.fault(error))
  // What an interrupted case leaves behind is no fault of the target.
  if (!interruption.reason) for (const error of await stray.take()) recorder.fault(error)
  return recorder.report()
}

/** The cases whose id or promise holds the text. */
export function selected(cases: readonly SuiteCase[], grep: string): SuiteCase[] {
  const wanted = grep.toLowerCase()
  return cases.filter(({ id, promise }) => `${id}: ${promise}`.toLowerCase().includes(wanted))
}

export async function closeSuite(suite: Suite): Promise<void> {
  await withDeadline(suite.close(), patienceMs, 'close() of the target')
}

async function runCase(one: SuiteCase, suite: Suite, stray: StrayErrors): Promise<Ended> {
  const start = performance.now()
  const ms = () => performance.now() - start
  try {
    const outcome = await withDeadline(suite.run(one.id), patienceOf(one), `the case ${one.id}`)
    const [error] = await stray.take()
    if (error) throw error
    return { outcome, ms: ms() }
  } catch (error) {
    await stray.take()
    return { error, ms: ms() }
  }
}

function record(id: string, { outcome, error, ms }: Ended, recorder: Recorder, progress: Progress): void {
  if (!outcome) {
    recorder.failed(id, error, ms)
    progress.ended(id, 'failed')
    return
  }
  recorder.ended(id, outcome, ms)
  if (outcome.status === 'passed') progress.ended(id, 'passed')
  else progress.ended(id, 'skipped', outcome.reason)
}
