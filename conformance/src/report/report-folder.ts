import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Report } from './report.ts'
import { reportIndex } from './report-index.ts'
import { reportPage } from './report-page.ts'

/** Where reports go: `THREADKEEP_REPORT_DIR`, or else `conformance-report` in the current directory. */
export function reportFolder(): string {
  return process.env.THREADKEEP_REPORT_DIR || 'conformance-report'
}

/** Writes `<kind>-<name>.json` and `.md` over those of an earlier run; gives the path of the page. */
export async function writeReport(report: Report, folder: string): Promise<string> {
  const name = report.target.name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  const path = join(folder, `${report.target.kind}-${name || 'unnamed'}`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(`${path}.md`, reportPage(report))
  return `${path}.md`
}

/** Writes `index.md` over all reports of the folder; nothing where there are none. */
export async function writeReportIndex(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  const pages: { page: string; report: Report }[] = []
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json')).sort()) {
    const report: Report = JSON.parse(await readFile(join(folder, name), 'utf8'))
    if (report.schema === 1) pages.push({ page: `${basename(name, '.json')}.md`, report })
  }
  await writeFile(join(folder, 'index.md'), reportIndex(pages))
}
