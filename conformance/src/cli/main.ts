import { basename, extname } from 'node:path'
import { attachmentCases } from '../attachments/attachment-cases.ts'
import { levelOf } from '../levels.ts'
import { patienceMs } from '../patience.ts'
import { inOneLine } from '../report/in-words.ts'
import { writeReport } from '../report/report-folder.ts'
import { storageCases } from '../storage/storage-cases.ts'
import { storeCases } from '../store/store-cases.ts'
import type { Suite, TargetKind } from '../suite.ts'
import { withDeadline } from '../with-deadline.ts'
import { type CliArguments, cliArguments, usage } from './cli-arguments.ts'
import { Interrupted, Interruption } from './interruption.ts'
import { closeSuite, runSuite, type Surroundings, selected } from './run-suite.ts'
import { StrayErrors } from './stray-errors.ts'
import { loadSuites } from './target-module.ts'
import { failuresOf, headingOf, summaryOf } from './told.ts'
import { UsageError } from './usage-error.ts'

/** The command line; resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const around = { stray: new StrayErrors(), interruption: new Interruption() }
  try {
    const options = cliArguments(args)
    if (options.help) console.log(usage)
    else if (options.list) await list(options)
    else return await run(options, around)
    return 0
  } catch (error) {
    console.error(error instanceof UsageError || error instanceof Interrupted ? error.message : error)
    return error instanceof Interrupted ? error.exitCode : 2
  } finally {
    around.stray.stop()
    around.interruption.stop()
  }
}

async function run({ target = '', grep, seed, report: folder }: CliArguments, around: Surroundings): Promise<number> {
  const { interruption } = around
  // Where random cases look for it, under vitest as well.
  if (seed !== null) process.env.THREADKEEP_SEED = String(seed)
  const loaded = await interruption.orEnd(loadSuites(target))
  const suites: Suite[] = []
  try {
    const wanted = loaded.filter(({ cases }) => selected(cases, grep).length > 0)
    if (wanted.length === 0) throw new UsageError(`no case holds ${JSON.stringify(grep)}; --list shows them all`)
    for (const suite of wanted) suites.push(await interruption.orEnd(opened(suite, target)))
  } catch (error) {
    await Promise.allSettled(loaded.map((suite) => closeSuite(suite)))
    throw error
  }
  const ran = new Set<TargetKind>()
  let failed = false
  for (const suite of suites) {
    if (interruption.reason) break
    console.log(await headingOf(suite))
    ran.add(suite.kind)
    const report = await runSuite(suite, { grep, seed }, around)
    console.log(`${failuresOf(report)}${summaryOf(report)}`)
    console.log(`report: ${await writeReport(report, folder)}\n`)
    failed ||= report.faults.length > 0 || report.cases.some(({ result }) => result === 'failed')
  }
  for (const suite of loaded) if (!ran.has(suite.kind)) await closeSuite(suite)
  return interruption.reason?.exitCode ?? (failed ? 1 : 0)
}

/** The suite, when its target answers, under the name of its target, or else of its adapter, or else of its file. */
async function opened(suite: Suite, path: string): Promise<Suite> {
  const { adapter } = await answered(suite).catch((cause: unknown) => {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  })
  return { ...suite, name: suite.name || (adapter?.name ?? basename(path, extname(path))) }
}

async function answered(suite: Suite): ReturnType<Suite['facts']> {
  await suite.probe()
  try {
    return await withDeadline(suite.facts(), patienceMs, 'it')
  } catch (cause) {
    throw new Error(`the target does not tell which adapter and backend it is: ${inOneLine(cause)}`, { cause })
  }
}

async function list({ target, grep }: CliArguments): Promise<void> {
  const suites = target === undefined ? [] : await loadSuites(target)
  const cases =
    target === undefined ? [...storeCases, ...attachmentCases, ...storageCases] : suites.flatMap((suite) => suite.cases)
  for (const one of selected(cases, grep)) console.log(`${one.id} (${levelOf(one)}): ${one.promise}`)
  for (const suite of suites) await closeSuite(suite)
}
