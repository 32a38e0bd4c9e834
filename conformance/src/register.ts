import { afterAll, beforeAll, describe, it } from 'vitest'
import { inOrder } from './case-order.ts'
import type { Outcome } from './outcome.ts'
import { patienceMs, patienceOf } from './patience.ts'
import { givenSeed } from './random-seed.ts'
import { Recorder } from './report/recorder.ts'
import { reportFolder, writeReport } from './report/report-folder.ts'
import type { Suite, SuiteCase } from './suite.ts'

/** Opening, asking and closing have their own patience each. */
const hookMs = 5 * patienceMs

/** Makes every case of the suite a test of vitest, and writes the report after the last; fails once without a backend. */
export function register(title: string, suite: Suite): void {
  const seed = givenSeed()
  const recorder = new Recorder(suite, seed)
  let begun = false
  describe(title, () => {
    for (const one of inOrder(suite.cases, seed)) registerCase(one, suite, recorder)
    beforeAll(async () => {
      await suite.probe()
      recorder.begin()
      begun = true
    }, hookMs)
    afterAll(async () => {
      try {
        if (begun) await writeReport(await recorder.report(), reportFolder())
      } finally {
        await suite.close()
      }
    }, hookMs)
  })
}

function registerCase(one: SuiteCase, suite: Suite, recorder: Recorder): void {
  const { id, promise } = one
  it(`${id}: ${promise}`, { timeout: patienceOf(one) }, async ({ skip, onTestFinished }) => {
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
