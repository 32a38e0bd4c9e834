import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CliEnd, startCli, type TargetName, targetPath } from '../../test/cli-process.ts'
import type { Report } from '../report/report.ts'

const folder = await mkdtemp(join(tmpdir(), 'threadkeep-cli-'))
afterAll(() => rm(folder, { recursive: true }))

describe('the command line', { timeout: 60_000 }, () => {
  it('ends with 0 when a store, an attachment store and the two together keep every promise, and tells their levels', async () => {
    const { code, out } = await run('memory', '--report', join(folder, 'all'))
    expect({ code, err: out.match(/✗.*/g) }).toEqual({ code: 0, err: null })
    expect(out).toContain('the store memory: memory 1.2.3 on no backend 7, this process')
    const levels = [...out.matchAll(/ 0 failed, \d+ skipped in [\d.]+ s; level: (\w+)/g)].map(([, level]) => level)
    expect(levels).toEqual(['concurrent', 'core', 'concurrent'])
    expect(await report('all', 'attachment-store-memory')).toMatchObject({ level: 'core', faults: [] })
  })

  it('ends with 1 when a promise is broken, and says which, what was expected and what came', async () => {
    const { code, out } = await run('faulty', '--grep', 'threads/replace', '--report', join(folder, 'faulty'))
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ threads\/replace\n {2}broken promise: saveThread replaces the whole thread: /m)
    expect(out).toMatch(
      /^ {2}something of the old thread is left\n {2}expected: \{\n(?: {4}.*\n)+ {2}\}\n {2}came: \{\n/m,
    )
    expect(out).toContain("title: 'Untitled',")
    expect(out).toContain('✗ outside of all cases\n  expected: no error\n  came: Error: it does not close')
    expect(out).toContain('0 passed, 2 failed, 0 skipped')
  })

  it('tells what a driver threw below what core made of it, and nothing of the machine', async () => {
    await run('faulty', '--grep', 'items/round-trip', '--report', join(folder, 'masked'))
    const { cases } = await report('masked', 'store-faulty')
    expect(cases[0]?.message).toBe(
      'expected: no error\ncame: InternalServerError (internal): hand-written: loadItem failed\n' +
        '  caused by Error: no answer from <url> at <address>, see <path>',
    )
  })

  it('names a target without a name after its adapter, and the report with it', async () => {
    const { out } = await run('guesses-cursors', '--grep', 'threads/none', '--report', join(folder, 'named'))
    expect(out).toContain('the store @me/guesses-cursors: @me/guesses-cursors 1.2.3')
    const { target } = await report('named', 'store-me-guesses-cursors')
    expect(target).toEqual({ kind: 'store', name: '@me/guesses-cursors' })
  })

  it('ends with 1 when a gap is declared that is none', async () => {
    const { code, out } = await run('false-gap', '--grep', 'deleted', '--report', join(folder, 'gap'))
    expect(code).toBe(1)
    expect(out).toContain('false declaration: the gap deleted-cursor is declared, but the store keeps the promise')
    expect(out).toContain('- cursors/after-999-deletions: this backend forgets deleted rows')
  })

  it('counts an error that nobody awaits as a failure of the case', async () => {
    const { code, out } = await run('stray', '--grep', 'items/round-trip', '--report', join(folder, 'stray'))
    expect(code).toBe(1)
    expect(out).toContain('came: Error: nobody awaited this error\n    caused by Error: the cache is away')
    const other = await run('stray', '--grep', 'threads/none', '--report', join(folder, 'stray'))
    expect(other.code).toBe(0)
  })

  it('runs the cases whose id or promise holds the text, and says how many did not run', async () => {
    const { code, out } = await run('memory', '--grep', 'METADATA is not merged', '--report', join(folder, 'grep'))
    expect(code).toBe(0)
    expect(out.match(/^✓.*/gm)).toEqual(['✓ threads/replace'])
    expect(out).toMatch(/1 passed, 0 failed, 0 skipped in [\d.]+ s; \d+ of \d+ cases did not run/)
    expect(existsSync(join(folder, 'grep/attachment-store-memory.json'))).toBe(false)
  })

  it('runs the cases in another order for a seed, the same each time', async () => {
    const order = async (...args: string[]) => {
      const { out } = await run('false-gap', '--grep', 'threads/', '--report', join(folder, 'seed'), ...args)
      return out.match(/^✓.*/gm) ?? []
    }
    const [plain, first, second] = [await order(), await order('--seed', '7'), await order('--seed', '7')]
    expect(first).toEqual(second)
    expect(first).not.toEqual(plain)
    expect(first.toSorted()).toEqual(plain.toSorted())
    expect(await report('seed', 'store-false-gap')).toMatchObject({ seed: 7 })
  })

  it('lists cases without running them, and needs no target for it', async () => {
    const { code, out } = await run(undefined, '--list', '--grep', 'racing')
    expect(code).toBe(0)
    expect(out).toContain('concurrency/adds-racing-a-deletion (concurrent): An add')
    expect(out).toContain('refusals/racing-uploads (concurrent): ')
    const ofStores = await run('unopenable', '--list', '--grep', 'racing')
    expect(ofStores.out).not.toContain('refusals/')
  })

  it('ends with 2 when the target cannot be opened, and closes it', async () => {
    const { code, out, err } = await run('unopenable')
    expect([code, out]).toEqual([2, 'closed all the same\n'])
    expect(err).toBe('the target could not be opened: open(): Error: connection refused; is it set up?\n')
  })

  it('ends with 2 when the target was never set up, and says in one sentence what its backend says', async () => {
    const { code, out, err } = await run('not-set-up')
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe(
      'the target could not be opened: loadThread of a missing thread: InternalServerError (internal): ' +
        'my-store: loadThread failed, caused by Error (42P01): relation "threads" does not exist; is it set up?\n',
    )
  })

  it.each([
    ['without a target', undefined, [], 'which target?'],
    ['for a module without a target', 'none', [], 'must export a target'],
    ['for a gap that nobody knows', 'unknown-gap', [], 'there is no gap "no-threads"; a target may declare deleted'],
    ['for a text that no case holds', 'memory', ['--grep', 'zebra'], 'no case holds "zebra"'],
    ['for an option that is none', 'memory', ['--fast'], "Unknown option '--fast'"],
    ['for a seed that is no number', 'memory', ['--seed', 'x'], 'a seed is a whole number'],
    ['for two targets', 'memory', ['other.ts'], 'one target at a time'],
    ['for a module that is not there', undefined, ['nowhere.ts'], 'cannot load nowhere.ts'],
  ] as const)('ends with 2 %s, and says why', async (_, target, args, why) => {
    const { code, err } = await run(target, ...args)
    expect(err).toContain(why)
    expect(code).toBe(2)
  })

  it('ends although the target left something open, and says so', async () => {
    const { code, err } = await run('leaky', '--grep', 'threads/none', '--report', join(folder, 'leaky'))
    expect(err).toBe('the target left something open: TCPServerWrap; ended anyway\n')
    expect(code).toBe(0)
  })
})

function run(target: TargetName | undefined, ...args: readonly string[]): Promise<CliEnd> {
  return startCli([...(target === undefined ? [] : [targetPath(target)]), ...args]).end
}

async function report(name: string, target: string): Promise<Report> {
  return JSON.parse(await readFile(join(folder, name, `${target}.json`), 'utf8'))
}
