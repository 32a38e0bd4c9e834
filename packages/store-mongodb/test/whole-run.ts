import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Report } from '@threadkeep/conformance'
import type { Place } from './test-database.ts'

const run = promisify(execFile)
const cli = fileURLToPath(new URL('./cli.ts', import.meta.resolve('@threadkeep/conformance')))
const target = fileURLToPath(import.meta.resolve('./target.ts'))

/** Runs every case on the database in a process of its own; the report goes into the folder. */
export async function wholeRun(place: Place, folder: string): Promise<Report> {
  const env = { ...process.env, NODE_NO_WARNINGS: '1', THREADKEEP_TARGET_PLACE: JSON.stringify(place) }
  const { stdout } = await run(process.execPath, [cli, target, '--report', folder], { env })
  const [path = ''] = /(?<=^report: ).*(?=\.md$)/m.exec(stdout) ?? []
  return JSON.parse(await readFile(`${path}.json`, 'utf8'))
}
