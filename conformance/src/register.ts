import { afterAll, beforeAll, describe, it } from 'vitest'
import { inOrder, toSeed } from './case-order.ts'
import type { Outcome } from './outcome.ts'
import { Recorder } from './report/recorder.ts'
import { reportFolder, writeReport } from './report/report-folder.ts'
import type { Suite, SuiteCase } from './suite.ts'

const slowMs = 300_000

/** Makes every case of the suite a test of vitest, and writes the report after the last. */
export function register(title: string, suite: Suite): void {
  const seed = process.env.THREADKEEP_SEED ? toSeed(process.env.THREADKEEP_SEED) : null
  const recorder = new Recorder(suite, seed)
  describe(title, () => {
    for (const one of inOrder(suite.cases, seed)) registerCase(one, suite, recorder)
    beforeAll(() => recorder.begin())
    afterAll(async () => {
      try {
        await writeReport(await recorder.report(), reportFolder())
      } finally {
        await suite.close()
      }
    })
  })
}

function registerCase({ id, promise, slow }: SuiteCase, suite: Suite, recorder: Recorder): void {
  const options = slow ? { timeout: slowMs } : {}
  it(`${id}: ${promise}`, options, async ({ skip, onTestFinished }) => {
    const start = performance.now()
    let outcome: Outcome | undefined
    let seen: unknown
    onTestFinished(({ task }) => {
      const ms = performance.now() - start
      if (outcome) recorder.ended(id, outcome, ms)
      else recorder.failed(id, seen ?? new Error(task.result?.errors?.[0]?.message), ms)
    })
    try {
      outcome = await suite.run(id)
    } catch (error) {
      seen = error
      throw error
    }
    if (outcome.status === 'skipped') skip(outcome.reason)
  })
}
