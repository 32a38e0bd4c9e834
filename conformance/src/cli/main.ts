import { attachmentCases } from '../attachments/attachment-cases.ts'
import { levelOf } from '../levels.ts'
import { inWords } from '../report/in-words.ts'
import { writeReport } from '../report/report-folder.ts'
import { storeCases } from '../store/store-cases.ts'
import type { Suite } from '../suite.ts'
import { type CliArguments, cliArguments, usage } from './cli-arguments.ts'
import { closeSuite, runSuite, selected } from './run-suite.ts'
import { StrayErrors } from './stray-errors.ts'
import { loadSuites } from './target-module.ts'
import { failuresOf, headingOf, summaryOf } from './told.ts'
import { UsageError } from './usage-error.ts'
import { withDeadline } from './with-deadline.ts'

/** The command line; resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const stray = new StrayErrors()
  try {
    const options = cliArguments(args)
    if (options.help) console.log(usage)
    else if (options.list) await list(options)
    else return await run(options, stray)
    return 0
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error)
    return 2
  } finally {
    stray.stop()
  }
}

async function run({ target = '', grep, seed, report: folder }: CliArguments, stray: StrayErrors): Promise<number> {
  const loaded = await loadSuites(target)
  const suites = loaded.filter(({ cases }) => selected(cases, grep).length > 0)
  let failed = false
  try {
    if (suites.length === 0) throw new UsageError(`no case holds ${JSON.stringify(grep)}; --list shows them all`)
    for (const suite of suites) await open(suite)
  } catch (error) {
    await Promise.allSettled(loaded.map((suite) => closeSuite(suite)))
    throw error
  }
  for (const suite of suites) {
    console.log(await headingOf(suite))
    const report = await runSuite(suite, { grep, seed }, stray)
    console.log(`${failuresOf(report)}${summaryOf(report)}`)
    console.log(`report: ${await writeReport(report, folder)}\n`)
    failed ||= report.faults.length > 0 || report.cases.some(({ result }) => result === 'failed')
  }
  for (const suite of loaded) if (!suites.includes(suite)) await closeSuite(suite)
  return failed ? 1 : 0
}

async function open(suite: Suite): Promise<void> {
  try {
    await withDeadline(suite.probe(), 60_000, 'opening the target')
    await withDeadline(suite.facts(), 60_000, 'asking the target which adapter and backend it is')
  } catch (error) {
    throw new UsageError(`the target could not be opened\n${inWords(error)}`, { cause: error })
  }
}

async function list({ target, grep }: CliArguments): Promise<void> {
  const suites = target === undefined ? [] : await loadSuites(target)
  const cases = target === undefined ? [...storeCases, ...attachmentCases] : suites.flatMap((suite) => suite.cases)
  for (const one of selected(cases, grep)) console.log(`${one.id} (${levelOf(one)}): ${one.promise}`)
  for (const suite of suites) await closeSuite(suite)
}
