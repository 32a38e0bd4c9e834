import type { CaseReport, Report } from './report.ts'

/** One report as a page of Markdown: what is not kept comes first. */
export function reportPage(report: Report): string {
  const { target, cases, gaps, faults } = report
  const skipped = cases.filter(({ result }) => result === 'skipped')
  const failed = cases.filter(({ result }) => result === 'failed')
  const reasons = new Map(gaps.map(({ gap, reason }) => [gap, reason]))
  return [
    `# ${kindName(report)} ${target.name}`,
    table(['', ''], summary(report)),
    '## Gaps and skips',
    gaps.length + skipped.length === 0
      ? 'None.'
      : table(
          ['case', 'promise', 'gap', 'why'],
          [
            ...[...reasons]
              .filter(([gap]) => !skipped.some((one) => one.gap === gap))
              .map(([gap, why]) => ['', '', gap, why]),
            ...skipped.map(({ id, promise, gap = '', reason = '' }) => [id, promise, gap, reason]),
          ],
        ),
    ...section('## Failures', [...failed.map(failureText), ...faults.map((fault) => quoted(fault))]),
    '## Groups',
    table(['group', 'passed', 'failed', 'skipped', 'ms'], groupRows(cases)),
    '## Cases',
    table(
      ['case', 'promise', 'level', 'result', 'ms'],
      cases.map(({ id, promise, level, result, ms }) => [id, promise, level, result, String(ms)]),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

export function count(cases: readonly CaseReport[], result: CaseReport['result']): number {
  return cases.filter((one) => one.result === result).length
}

export function kindName({ target }: Report): string {
  return `The ${target.kind.replace('-', ' ')}`
}

/** `postgres 18.4, docker` */
export function backendName({ backend }: Report): string {
  return backend ? `${backend.name} ${backend.version}, ${backend.origin}` : 'not told'
}

export function adapterName({ adapter }: Report): string {
  return adapter ? `${adapter.name} ${adapter.version}` : 'not told'
}

/** A table whose cells may hold any text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function summary(report: Report): string[][] {
  const { suite, cases, faults } = report
  const parts = (['passed', 'failed', 'skipped'] as const).map((result) => `${count(cases, result)} ${result}`)
  const missing = suite.cases - cases.length
  const partial = missing > 0 ? `; ${missing} of ${suite.cases} did not run` : ''
  return [
    ['level', report.level ?? 'none'],
    ['cases', `${parts.join(', ')}${partial}`],
    ...(faults.length > 0 ? [['failures outside of cases', String(faults.length)]] : []),
    ['adapter', adapterName(report)],
    ['backend', backendName(report)],
    ['suite', `${suite.name} ${suite.version}`],
    ['runtime', `Node ${report.runtime.node}`],
    ['started', report.started],
    ['duration', `${(report.duration / 1000).toFixed(1)} s`],
    ['seed', report.seed === null ? 'none, in the order of the suite' : String(report.seed)],
  ]
}

function groupRows(cases: readonly CaseReport[]): string[][] {
  const groups = Map.groupBy(cases, ({ id }) => id.split('/', 1)[0] ?? id)
  return [...groups].map(([group, members]) => [
    group,
    ...(['passed', 'failed', 'skipped'] as const).map((result) => String(count(members, result))),
    String(members.reduce((sum, { ms }) => sum + ms, 0)),
  ])
}

function failureText({ id, promise, message = '' }: CaseReport): string {
  return `**${id}**: ${promise}\n\n${quoted(message)}`
}

function quoted(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

function section(title: string, paragraphs: readonly string[]): string[] {
  return paragraphs.length > 0 ? [title, ...paragraphs] : []
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ')
}
