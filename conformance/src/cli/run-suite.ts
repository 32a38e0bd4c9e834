import { inOrder } from '../case-order.ts'
import { Recorder } from '../report/recorder.ts'
import type { CaseReport, Report } from '../report/report.ts'
import type { Suite, SuiteCase } from '../suite.ts'
import { Progress } from './progress.ts'
import type { StrayErrors } from './stray-errors.ts'
import { withDeadline } from './with-deadline.ts'

const patienceMs = 60_000
const slowMs = 300_000

export interface Selection {
  readonly grep: string
  readonly seed: number | null
}

/** Runs the selected cases of a suite one after another, closes the target, and gives what was seen. */
export async function runSuite(suite: Suite, { grep, seed }: Selection, stray: StrayErrors): Promise<Report> {
  const cases = inOrder(selected(suite.cases, grep), seed)
  const recorder = new Recorder(suite, seed)
  const progress = new Progress(process.stdout, cases.length)
  for (const error of await stray.take()) recorder.fault(error)
  for (const one of cases) {
    progress.begins(one.id)
    const { result, note } = await runCase(one, suite, recorder, stray)
    progress.ended(one.id, result, note)
  }
  progress.end()
  await closeSuite(suite).catch((error: unknown) => recorder.fault(error))
  for (const error of await stray.take()) recorder.fault(error)
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

async function runCase(
  { id, slow }: SuiteCase,
  suite: Suite,
  recorder: Recorder,
  stray: StrayErrors,
): Promise<{ result: CaseReport['result']; note?: string }> {
  const start = performance.now()
  const ms = () => performance.now() - start
  try {
    const outcome = await withDeadline(suite.run(id), slow ? slowMs : patienceMs, `the case ${id}`)
    const [error] = await stray.take()
    if (error) throw error
    recorder.ended(id, outcome, ms())
    return outcome.status === 'passed' ? { result: 'passed' } : { result: 'skipped', note: outcome.reason }
  } catch (error) {
    recorder.failed(id, error, ms())
    await stray.take()
    return { result: 'failed' }
  }
}
