import type { Report } from './report.ts'
import { adapterName, backendName, count, kindName, table } from './report-page.ts'

/** One table over the reports of several targets, each linked to its page. */
export function reportIndex(pages: readonly { readonly page: string; readonly report: Report }[]): string {
  const head = ['target', 'adapter', 'backend', 'level', 'passed', 'failed', 'skipped', 'gaps', 'started']
  const rows = pages.map(({ page, report }) => [
    `[${kindName(report)} ${report.target.name}](${page})`,
    adapterName(report),
    backendName(report),
    report.level ?? 'none',
    `${count(report.cases, 'passed')} of ${report.suite.cases}`,
    String(count(report.cases, 'failed') + report.faults.length),
    String(count(report.cases, 'skipped')),
    report.gaps.map(({ gap, reason }) => `${gap}: ${reason}`).join('; '),
    report.started,
  ])
  return `# Conformance\n\n${table(head, rows)}\n`
}
