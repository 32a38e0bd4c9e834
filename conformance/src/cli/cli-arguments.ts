import { parseArgs } from 'node:util'
import { toSeed } from '../case-order.ts'
import { reportFolder } from '../report/report-folder.ts'
import { UsageError } from './usage-error.ts'

export const usage = `usage: threadkeep-conformance <target> [options]

<target>            a module that exports a target as \`store\`, as \`attachments\`, or both
--grep <text>       only the cases whose id or promise holds the text, in any case of letters
--report <folder>   where the report goes (default: THREADKEEP_REPORT_DIR, or else conformance-report)
--seed <n>          runs the cases in another order, the same for each n
--list              lists the cases and runs nothing; the target may be left out
--help

ends with 0 when every case passed or was skipped, with 1 when something failed, with 2 when it could not begin`

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
    return { ...values, target, seed: values.seed === undefined ? null : toSeed(values.seed) }
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${usage}`, { cause: error })
  }
}
