import type { Tarball } from './tarball.ts'
import type { Kind } from './workspace.ts'

/** In kB of 1,000 bytes, packed. */
const budgets: Partial<Record<Kind, number>> = { core: 48, storage: 26, adapter: 15 }

export function sizeFaults({ pkg, size }: Tarball): string[] {
  const budget = budgets[pkg.kind]
  return budget && size > budget * 1000 ? [`packs to ${size} bytes; its budget is ${budget} kB`] : []
}

/** One line per package: name, packed size, budget. */
export function sizeTable(tarballs: readonly Tarball[]): string {
  const rows = tarballs.map(({ pkg, size }) => [pkg.manifest.name, kilobytes(size), budgetOf(pkg.kind)] as const)
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, size, budget]) => `${name.padEnd(width)}  ${size.padStart(8)}  ${budget}`).join('\n')
}

function kilobytes(size: number): string {
  return `${(size / 1000).toFixed(1)} kB`
}

function budgetOf(kind: Kind): string {
  return budgets[kind] ? `of ${budgets[kind]} kB` : ''
}
