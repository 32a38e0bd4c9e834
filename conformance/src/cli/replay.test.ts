import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCli, targetPath } from '../../test/cli-process.ts'

const folder = await mkdtemp(join(tmpdir(), 'threadkeep-replay-'))
afterAll(() => rm(folder, { recursive: true }))

it('a random failure tells its calls, and happens again by what it says', { timeout: 60_000 }, async () => {
  const first = await failureOf(['--grep', 'model/threads'])
  expect(first).toMatch(
    /^ {4}1\. tenant 1: saveThread\(.*\n(?: {4}\d+\. .*\n)+ {4}expected: invalid_cursor\n {4}came: /m,
  )
  const [, again = '', path = ''] = /once more: (.*), or .*THREADKEEP_MODEL_PATH=(\S+)/.exec(first) ?? []
  expect(again).toMatch(/^--seed \d+ --grep model\/threads$/)
  expect(await failureOf(again.split(' '))).toBe(first)
  expect(await failureOf(again.split(' '), { THREADKEEP_MODEL_PATH: path, THREADKEEP_MODEL_RUNS: '1' })).toBe(first)
})

it('THREADKEEP_SEED seeds a run as --seed does', { timeout: 60_000 }, async () => {
  const byOption = await failureOf(['--seed', '7', '--grep', 'model/threads'])
  expect(await failureOf(['--grep', 'model/threads'], { THREADKEEP_SEED: '7' })).toBe(byOption)
})

/** What is told of the one case that fails. */
async function failureOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const clean = { THREADKEEP_SEED: '', THREADKEEP_MODEL_PATH: '', THREADKEEP_MODEL_RUNS: '', ...env }
  const { code, out } = await startCli([targetPath('guesses-cursors'), '--report', folder, ...args], clean).end
  expect(code, out).toBe(1)
  return /✗ model\/threads\n {2}[\s\S]*?(?=\n\n)/.exec(out)?.[0] ?? out
}
