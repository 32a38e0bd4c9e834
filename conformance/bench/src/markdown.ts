import type { FileFigure } from './measure-files.ts'
import type { StoreFigure, StoreReport } from './measure-store.ts'
import type { BenchReport } from './report.ts'
import type { Summary } from './summary.ts'

/** The page of a report. `charts` are the paths of its pictures, by the name of the store. */
export function toMarkdown(report: BenchReport, charts: Readonly<Record<string, string>>): string {
  return [
    intro(report),
    ...report.stores.map((store) => storeSection(store, charts[store.name])),
    files(report),
    core(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function intro({ date, mode, machine, extent: { samples, patience }, missing }: BenchReport): string {
  const kind = mode === 'quick' ? 'A quick run' : 'A full run'
  return [
    '# Benchmarks',
    `\`npx -y pnpm@12 bench\` writes this page; \`npx -y pnpm@12 bench --quick\` prints a shorter one in some minutes.
${kind} of ${date.slice(0, 10)} on ${machine}.`,
    `Every figure of a store is of ${samples} samples, taken on all sides in turn, in one run; a peer that took ${patience / 1000} s for one
figure gives fewer, as many as are in brackets, or says why it cannot. **bare** sends the adapter's own commands with the client alone,
serialising and parsing as the adapter does; **bare again** is the same once more, so its ratio is the noise. **by hand**
is the least that somebody would write: no check that the thread exists, and cursors that end with their row. **peer** is
what one would install otherwise. Ratios are of medians; what is in brackets is the lowest and the highest median of
five stretches of the run.`,
    ...missing.map((what) => `Not measured: ${what}`),
  ].join('\n\n')
}

function storeSection(store: StoreReport, chart: string | undefined): string {
  const rows = store.figures.map((figure) => storeRow(figure))
  return [
    `## ${store.name}`,
    `On ${store.backend}, beside ${store.peer ?? 'no peer'}.`,
    ...(chart ? [`![Medians of ${store.name}, the bare client, by hand and the peer](${chart})`] : []),
    table(
      ['work', 'items', 'in flight', 'commands', 'p50', 'p95', '÷ bare', 'noise', '÷ by hand', 'peer ÷ ours'],
      rows,
    ),
    ...growth(store),
  ].join('\n\n')
}

function storeRow({ title, size, inFlight, commands, sides, fault }: StoreFigure): string[] {
  const { adapter, bare, peer } = sides
  return [
    title,
    size?.toLocaleString('en') ?? '',
    String(inFlight),
    String(commands),
    adapter ? `${millis(adapter.p50)} (${adapter.spread.map(millis).join(' to ')})` : '',
    adapter ? millis(adapter.p95) : '',
    ratio(adapter, bare),
    ratio(sides['bare again'], bare),
    ratio(adapter, sides['by hand']),
    fault ?? `${ratio(peer, adapter)}${peer && adapter && peer.samples < adapter.samples ? ` (${peer.samples})` : ''}`,
  ]
}

/** How much slower a thread becomes as it grows. */
function growth({ figures }: StoreReport): string[] {
  const alone = figures.filter(({ inFlight, size }) => inFlight === 1 && size !== undefined)
  const titles = [...new Set(alone.map(({ title }) => title))]
  const rows = titles.flatMap((title) => {
    const own = alone.filter((figure) => figure.title === title)
    const [first, last] = [own.at(0), own.at(-1)]
    if (!first || !last || first === last) return []
    const of = (name: string) => ratio(last.sides[name], first.sides[name])
    return [
      [title, `${first.size?.toLocaleString('en')} → ${last.size?.toLocaleString('en')}`, of('adapter'), of('peer')],
    ]
  })
  return rows.length === 0 ? [] : ['As a thread grows:', table(['work', 'items', 'ours', 'peer'], rows)]
}

function files({ files: reports, memory }: BenchReport): string {
  return reports
    .flatMap(({ name, backend, figures }) => [
      `## ${name}`,
      `On ${backend}, beside its bare client.`,
      table(['work', 'size', 'samples', 'p50', 'p95', '÷ bare', 'noise'], figures.map(fileRow)),
      ...memoryTable(memory.filter((figure) => figure.name === name)),
    ])
    .join('\n\n')
}

function fileRow({ title, size, sides }: FileFigure): string[] {
  const { adapter, bare } = sides
  return [
    title,
    bytes(size),
    String(adapter?.samples ?? ''),
    adapter ? millis(adapter.p50) : '',
    adapter ? millis(adapter.p95) : '',
    ratio(adapter, bare),
    ratio(sides['bare again'], bare),
  ]
}

function memoryTable(figures: BenchReport['memory']): string[] {
  const rows = figures.map(({ title, side, size, grownBytes, seconds }) => [
    title,
    side,
    bytes(size),
    bytes(grownBytes),
    `${(size / seconds / 1024 / 1024).toFixed(0)} MiB/s`,
  ])
  return rows.length === 0
    ? []
    : ['A process of its own grew by:', table(['work', 'side', 'size', 'memory', 'throughput'], rows)]
}

function core({ core: calls, signing }: BenchReport): string {
  const rows = (figures: BenchReport['core']) => figures.map(({ title, micros }) => [title, `${micros.toFixed(1)} µs`])
  return [
    '## Our own code',
    'Time of the processor for one call, with everything in memory:',
    table(['work', 'CPU'], rows(calls)),
    'For the signature of an upload:',
    table(['attachment store', 'CPU'], rows(signing)),
  ].join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

function ratio(of: Summary | undefined, to: Summary | undefined): string {
  return of && to ? (of.p50 / to.p50).toFixed(2) : ''
}

function millis(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ms`
}

function bytes(count: number): string {
  const at = Math.max(0, Math.min(3, Math.floor(Math.log2(Math.max(1, count)) / 10)))
  return `${Math.round(count / 1024 ** at)} ${['B', 'KiB', 'MiB', 'GiB'][at]}`
}
