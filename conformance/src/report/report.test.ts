import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { afterAll, describe, expect, it } from 'vitest'
import { BrokenPromise } from '../broken-promise.ts'
import type { StoreTarget } from '../store/store-target.ts'
import { attachmentSuite, storeSuite } from '../suite.ts'
import { suiteVersion } from '../suite-version.ts'
import { Recorder } from './recorder.ts'
import type { Report } from './report.ts'
import { writeReport, writeReportIndex } from './report-folder.ts'
import { reportPage } from './report-page.ts'

const folder = await mkdtemp(join(tmpdir(), 'threadkeep-report-'))
afterAll(() => rm(folder, { recursive: true }))

const driver = new MemoryStoreDriver()
const target: StoreTarget = {
  open: async (options) => new MemoryStore({ ...options, driver }),
  adapter: { name: 'my-store', version: '0.1.0' },
  backend: () => ({ name: 'my|base', version: '9', origin: 'docker' }),
  gaps: { 'deleted-cursor': 'rows are forgotten' },
}
const suite = storeSuite('My Store, sharded', target)

describe('a report', () => {
  it('holds every field, and nothing else', async () => {
    const report = await sample()
    expect(report).toEqual({
      schema: 1,
      suite: { name: '@threadkeep/conformance', version: suiteVersion, cases: suite.cases.length },
      target: { kind: 'store', name: 'My Store, sharded' },
      adapter: { name: 'my-store', version: '0.1.0' },
      backend: { name: 'my|base', version: '9', origin: 'docker' },
      runtime: { node: process.version },
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      duration: expect.any(Number),
      seed: 5,
      level: null,
      gaps: [{ gap: 'deleted-cursor', reason: 'rows are forgotten' }],
      cases: [
        { id: 'threads/round-trip', promise: promiseOf('threads/round-trip'), level: 'core', result: 'passed', ms: 3 },
        {
          id: 'threads/replace',
          promise: promiseOf('threads/replace'),
          level: 'core',
          result: 'failed',
          message: 'the title\nexpected: new\ncame: old',
          ms: 4,
        },
        {
          id: 'cursors/of-a-deleted-row',
          promise: promiseOf('cursors/of-a-deleted-row'),
          level: 'core',
          result: 'skipped',
          reason: 'declared gap: rows are forgotten; the opposite case passed',
          gap: 'deleted-cursor',
          ms: 1,
        },
        {
          id: 'ledger/one-winner',
          promise: promiseOf('ledger/one-winner'),
          level: 'concurrent',
          result: 'skipped',
          reason: 'this store has no ledger',
          ms: 0,
        },
      ],
      faults: ['expected: no error\ncame: Error: close failed'],
    })
  })

  it('says null for what the target does not tell', async () => {
    const silent = attachmentSuite('silent', { open: () => assert.fail('nobody opens it') })
    const report = await new Recorder(silent, null).report()
    expect(report).toMatchObject({ adapter: null, backend: null, seed: null, level: null, cases: [], gaps: [] })
    expect(report.target).toEqual({ kind: 'attachment-store', name: 'silent' })
  })

  it('states the level when all cases passed', async () => {
    const recorder = new Recorder(storeSuite('whole', { open: target.open }), null)
    for (const { id } of suite.cases) recorder.ended(id, { status: 'passed' }, 1)
    expect((await recorder.report()).level).toBe('concurrent')
  })

  it('keeps the promises of the suite as they are, and masks places in messages', async () => {
    const recorder = new Recorder(suite, null)
    const places = 'GET http://10.0.0.1:80/a?b=c, ::1:5432, C:\\data\\x, "/home/me/x.ts" but not application/pdf or 1/2'
    const cause = new Error('getaddrinfo ENOTFOUND db.example.com, fe80::1:5432, but neither 12:00:01 nor $1::bytea')
    for (const { id } of suite.cases) recorder.failed(id, new Error(places, { cause }), 1)
    const { cases } = await recorder.report()
    expect(cases.map(({ promise }) => promise)).toEqual(suite.cases.map(({ promise }) => promise))
    expect(cases[0]?.message).toContain('GET <url> <address>, <path> "<path>" but not application/pdf or 1/2')
    expect(cases[0]?.message).toContain('ENOTFOUND <host>, <address>, but neither 12:00:01 nor $1::bytea')
  })
})

describe('the page of a report', () => {
  it('has gaps and skips first, then failures, then a table by group', async () => {
    const page = reportPage(await sample())
    const titles = page.match(/^#+ .*/gm)
    expect(titles).toEqual([
      '# The store My Store, sharded',
      '## Gaps and skips',
      '## Failures',
      '## Groups',
      '## Cases',
    ])
    expect(page).toContain('| backend | my\\|base 9, docker |')
    expect(page).toContain(`| cases | 1 passed, 1 failed, 2 skipped; ${suite.cases.length - 4} of `)
    expect(page).toContain('| threads | 1 | 1 | 0 | 7 |')
    expect(page).toContain('    the title\n    expected: new\n    came: old')
  })

  it('lists a gap whose cases did not run', async () => {
    const page = reportPage(await new Recorder(suite, null).report())
    expect(page).toContain('|  |  | deleted-cursor | rows are forgotten |')
  })
})

describe('the folder of reports', () => {
  it('holds two files for each target, and one page over all of them', async () => {
    const report = await sample()
    const path = await writeReport(report, join(folder, 'deep/down'))
    await writeReport({ ...report, target: { kind: 'attachment-store', name: '日本!' } }, join(folder, 'deep/down'))
    await writeReportIndex(join(folder, 'deep/down'))
    expect((await readdir(join(folder, 'deep/down'))).sort()).toEqual([
      'attachment-store-日本.json',
      'attachment-store-日本.md',
      'index.md',
      'store-my-store-sharded.json',
      'store-my-store-sharded.md',
    ])
    expect(path).toBe(join(folder, 'deep/down/store-my-store-sharded.md'))
    expect(JSON.parse(await readFile(path.replace(/md$/, 'json'), 'utf8'))).toEqual(report)
    const index = await readFile(join(folder, 'deep/down/index.md'), 'utf8')
    expect(index).toContain('[The store My Store, sharded](store-my-store-sharded.md) | my-store 0.1.0 | my\\|base 9')
  })

  it('stays away when there is nothing to tell', async () => {
    await writeReportIndex(join(folder, 'none'))
    expect(await readdir(folder)).not.toContain('none')
  })
})

function sample(): Promise<Report> {
  const recorder = new Recorder(suite, 5)
  const seen = new assert.AssertionError({ message: 'the title', actual: 'old', expected: 'new' })
  recorder.ended('ledger/one-winner', { status: 'skipped', reason: 'this store has no ledger' }, 0.4)
  recorder.failed('threads/replace', new BrokenPromise('threads/replace', 'It replaces.', seen), 4)
  recorder.ended('threads/round-trip', { status: 'passed' }, 3.2)
  const gap = { status: 'declared gap', gap: 'deleted-cursor', reason: 'rows are forgotten' } as const
  recorder.ended('cursors/of-a-deleted-row', gap, 1)
  recorder.fault(new Error('close failed'))
  return recorder.report()
}

function promiseOf(id: string): string {
  return suite.cases.find((one) => one.id === id)?.promise ?? assert.fail(id)
}
