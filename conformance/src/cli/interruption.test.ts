import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCli, targetPath } from '../../test/cli-process.ts'
import type { Report } from '../report/report.ts'

const folder = await mkdtemp(join(tmpdir(), 'threadkeep-interruption-'))
afterAll(() => rm(folder, { recursive: true }))

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the run with %i: the target is closed, and the report holds what ran', async (signal, code) => {
  const reports = join(folder, signal)
  const { child, end } = startCli([targetPath('waits-forever'), '--grep', 'round-trip', '--report', reports])
  await said(child.stdout, 'asked for an item')
  child.kill(signal)
  const { out, err, ...ended } = await end
  expect({ ...ended, err }).toEqual({ code, err: '' })
  expect(out.match(/^closed$/gm)).toHaveLength(1)
  expect(out).toContain(`✗ outside of all cases\n  the run was interrupted by ${signal}`)
  const report: Report = JSON.parse(await readFile(join(reports, 'store-slow-hand-written.json'), 'utf8'))
  expect(report.cases.map(({ id, result }) => `${id} ${result}`)).toEqual(['threads/round-trip passed'])
  expect(report).toMatchObject({ faults: [`the run was interrupted by ${signal}`], level: null })
})

it('who is interrupted before the first case closes the target and writes no report', async () => {
  const reports = join(folder, 'early')
  const { child, end } = startCli([targetPath('never-opens'), '--report', reports])
  await said(child.stdout, 'opening')
  child.kill('SIGINT')
  expect(await end).toEqual({ code: 130, out: 'opening\nclosed\n', err: 'interrupted by SIGINT\n' })
  expect(existsSync(reports)).toBe(false)
})

async function said(stream: NodeJS.ReadableStream | null, text: string): Promise<void> {
  if (!stream) throw new Error('its output cannot be read')
  for (let seen = ''; !seen.includes(text); ) seen += (await once(stream, 'data'))[0]
}
