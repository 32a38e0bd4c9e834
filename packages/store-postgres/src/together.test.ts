import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, type SuiteContext, thread } from '@threadkeep/conformance'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase, type TestDatabase } from '../test/test-database.ts'
import { wholeRun } from '../test/whole-run.ts'
import { PostgresStore } from './index.ts'

const bystander = { scope: 'bystander' }

await describeOn('postgres', (postgres) => {
  it('two whole runs side by side pass, and write no row of anybody else', { timeout: 300_000 }, async () => {
    const database = await openDatabase(postgres.url)
    onTestFinished(() => database.drop())
    const folder = await mkdtemp(join(tmpdir(), 'threadkeep-together-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await moveIn(database.url)
    const before = await rowsOf(database, bystander)
    expect([...before.keys()]).toEqual(['attachments', 'deleted_threads', 'items', 'threads'])
    expect([...before.values()].map((rows) => rows.length)).toEqual([4, 1, 6, 2])
    const reports = await Promise.all(['one', 'two'].map((name) => wholeRun(database.url, join(folder, name))))
    for (const { cases, faults, level, suite } of reports) {
      expect(cases.filter(({ result }) => result !== 'passed')).toEqual([])
      expect({ faults, level, cases: cases.length }).toEqual({ faults: [], level: 'concurrent', cases: suite.cases })
    }
    expect(await rowsOf(database, bystander)).toEqual(before)
  })
})

/** A tenant with the ids of the suite: threads, items, deleted ones, and attachments in every state. */
async function moveIn(url: string): Promise<void> {
  await using store = new PostgresStore<SuiteContext>({ scope: ({ scope }) => scope, url })
  await store.setup()
  const farAway = '2999-01-01T00:00:00.000Z'
  for (const id of ['t1', 't2', 't3']) {
    await store.saveThread(thread(id), bystander)
    for (const item of ['m1', 'm2', 'm3']) await store.addThreadItem(id, message(id, item), bystander)
  }
  await store.deleteThreadItem('t1', 'm3', bystander)
  await store.deleteThread('t3', bystander)
  await store.saveAttachment(attachment('a1'), bystander)
  const { ledger } = store
  await ledger.putAttachment('bystander', attachment('a2'), { state: 'complete', due: null, threadId: 't1' })
  await ledger.putAttachment('bystander', attachment('a3'), { state: 'uploading', due: farAway, threadId: null })
  await ledger.putAttachment('bystander', attachment('a4'), { state: 'complete', due: farAway, threadId: 't2' })
}

/** Of each table the tenant's rows as text, each with the transaction that wrote it. */
async function rowsOf({ admin }: TestDatabase, { scope }: SuiteContext): Promise<Map<string, string[]>> {
  const tables = await admin.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'threadkeep' and column_name = 'scope' order by table_name`,
  )
  const found = new Map<string, string[]>()
  for (const { name } of tables.rows) {
    const sql = `select xmin || ' ' || t::text as row from threadkeep.${name} t where scope = $1 order by t::text`
    const { rows } = await admin.query<{ row: string }>(sql, [scope])
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}
