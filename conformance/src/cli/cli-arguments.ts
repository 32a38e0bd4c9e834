import { parseArgs } from 'node:util'
import { toSeed } from '../case-order.ts'
import { givenSeed } from '../random-seed.ts'
import { reportFolder } from '../report/report-folder.ts'
import { UsageError } from './usage-error.ts'

export const usage = `usage: threadkeep-conformance <target> [options]

<target>            a module that exports a target as \`store\`, as \`attachments\`, or both, which are then tried as a
                    storage too; or the two of them together as \`storage\`
--grep <text>       only the cases whose id or promise holds the text, in any case of letters
--report <folder>   where the report goes (default: THREADKEEP_REPORT_DIR, or else conformance-report)
--seed <n>          decides the order of the cases and what the random ones do, the same for each n
                    (default: THREADKEEP_SEED, or else the order of the suite, and something else each time)
--list              lists the cases and runs nothing; the target may be left out
--help

a random case that failed says how it runs again: its seed, and in THREADKEEP_MODEL_PATH the very calls;
THREADKEEP_MODEL_RUNS says how many series of calls each of the three random models makes (default 100)

ends with 0 when every case passed or was skipped, with 1 when something failed, with 2 when it could not begin,
with 130 or 143 when it was interrupted`

export interface CliArguments {
  /** The path of the target's module. */
  readonly target: string | undefined
  readonly grep: string
  readonly report: string
  readonly seed: number | null
  readonly list: boolean
  readonly help: boolean
}

/** Throws `UsageError` with what is wrong. */
export function cliArguments(args: readonly string[]): CliArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        grep: { type: 'string', default: '' },
        report: { type: 'string', default: reportFolder() },
        seed: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const [target, ...others] = positionals
    if (others.length > 0) throw new TypeError(`one target at a time, not also ${others.join(' ')}`)
    if (target === undefined && !values.list && !values.help) throw new TypeError('which target?')
    return { ...values, target, seed: values.seed === undefined ? givenSeed() : toSeed(values.seed) }
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${usage}`, { cause: error })
  }
}
