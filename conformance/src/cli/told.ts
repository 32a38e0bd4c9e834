import type { Report } from '../report/report.ts'
import { count } from '../report/report-page.ts'
import type { Suite } from '../suite.ts'

/** `the store my-adapter: @me/my-adapter 1.0.0 on postgres 18.4, docker` */
export async function headingOf({ kind, name, facts }: Suite): Promise<string> {
  const { adapter, backend } = await facts()
  const parts = [
    `the ${kind.replace('-', ' ')} ${name}`,
    adapter ? `: ${adapter.name} ${adapter.version}` : '',
    backend ? ` on ${backend.name} ${backend.version}, ${backend.origin}` : '',
  ]
  return parts.join('')
}

/** Of each failure which promise is broken, what was expected and what came; empty without any. */
export function failuresOf({ cases, faults }: Report): string {
  const broken = cases
    .filter(({ result }) => result === 'failed')
    .map(({ id, promise, message = '' }) => `\n✗ ${id}\n  broken promise: ${promise}\n${indented(message)}\n`)
  return [...broken, ...faults.map((fault) => `\n✗ outside of all cases\n${indented(fault)}\n`)].join('')
}

/** `110 passed, 1 failed, 1 skipped in 0.5 s; level: core` */
export function summaryOf({ cases, faults, suite, duration, level }: Report): string {
  const failed = count(cases, 'failed') + faults.length
  const all = cases.length === suite.cases
  const counts = `${count(cases, 'passed')} passed, ${failed} failed, ${count(cases, 'skipped')} skipped`
  const whole = all ? `level: ${level ?? 'none'}` : `${suite.cases - cases.length} of ${suite.cases} cases did not run`
  return `\n${counts} in ${(duration / 1000).toFixed(1)} s; ${whole}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
