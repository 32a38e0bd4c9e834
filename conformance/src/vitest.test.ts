import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { Report } from './report/report.ts'

const runner = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const root = join(import.meta.dirname, '../test/vitest')

it('a run of vitest fails with the promise, and leaves the same report as the command line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-vitest-'))
  try {
    const { code, out } = await runVitest(folder, 'faulty', '-t', 'threads/re|threads/none')
    expect(out).toContain('threads/replace: saveThread replaces the whole thread')
    expect(code).toBe(1)
    const report: Report = JSON.parse(await readFile(join(folder, 'store-faulty-hand-written.json'), 'utf8'))
    expect(report).toMatchObject({
      schema: 1,
      target: { kind: 'store', name: 'faulty & hand-written' },
      seed: 11,
      level: null,
    })
    expect(report.cases.map(({ id, result }) => [id, result])).toEqual([
      ['threads/replace', 'failed'],
      ['threads/none', 'passed'],
    ])
    expect(report.cases[0]?.message).toContain("title: 'Untitled'")
    expect(await readFile(join(folder, 'store-faulty-hand-written.md'), 'utf8')).toContain('## Failures')
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('a run of vitest on a target that was never set up fails once, with one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeep-vitest-'))
  try {
    const { code, out } = await runVitest(folder, 'not-set-up')
    expect(code).toBe(1)
    expect(out.match(/Error: the target could not be opened: loadThread .* is it set up\?/g)).toHaveLength(1)
    expect(out).toMatch(/Tests .*\d+ skipped/)
    expect(out).not.toMatch(/Tests .*(?:failed|passed)/)
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

function runVitest(folder: string, ...args: readonly string[]) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    const env = {
      ...process.env,
      CI: '',
      NO_COLOR: '1',
      FORCE_COLOR: '',
      THREADKEEP_REPORT_DIR: folder,
      THREADKEEP_SEED: '11',
    }
    const all = [runner, 'run', '--root', root, ...args]
    const child = execFile(process.execPath, all, { env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out: out + err }),
    )
  })
}
