import { describeOn } from '@threadkeep/backends/vitest'
import type { StoreDriver } from '@threadkeep/core/driver'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type TestDatabase } from '../test/test-database.ts'
import { connect } from './postgres-client.ts'
import { PostgresDriver } from './postgres-driver.ts'

interface Statement {
  readonly text: string
  readonly values: unknown[]
}

const record = { position: 'p', body: '{}' }
const move = { state: 'complete', due: null, threadId: null }

await describeOn('postgres', (postgres) => {
  let database: TestDatabase
  let driver: PostgresDriver
  const sent: Statement[] = []
  beforeAll(async () => {
    database = await openDatabase(postgres.url)
    const { admin } = database
    const query = (text: string, values: unknown[]) => {
      sent.push({ text, values })
      return admin.query(text, values)
    }
    driver = new PostgresDriver(connect({ client: { query } }), 'threadkeep')
    await driver.setup()
    for (const size of [10, 1_000, 50_000]) await fill(admin, size)
  })
  afterAll(() => database.drop())

  /** The statements that a call sends; what they change is taken back. */
  async function statementsOf(call: (driver: StoreDriver) => Promise<unknown>): Promise<Statement[]> {
    sent.length = 0
    await database.admin.query('begin')
    await call(driver)
    await database.admin.query('rollback')
    return [...sent]
  }

  describe.each([10, 1_000, 50_000])('among %i items, threads and attachments', (size) => {
    const scope = `of ${size}`
    const range = { after: `i${size / 2}`, limit: 51, order: 'desc' } as const
    const thread = { scope, threadId: 'i1' }
    const item = { ...thread, itemId: 'i5' }
    const attachment = { scope, attachmentId: 'i5' }
    const calls: Record<string, (driver: StoreDriver) => Promise<unknown>> = {
      getThread: (driver) => driver.getThread(thread),
      putThread: (driver) => driver.putThread(thread, record),
      deleteThread: (driver) => driver.deleteThread(thread),
      listThreads: (driver) => driver.listThreads(scope, range),
      getItem: (driver) => driver.getItem(item),
      putItem: (driver) => driver.putItem(item, record),
      deleteItem: (driver) => driver.deleteItem(item),
      listItems: (driver) => driver.listItems(thread, range),
      getAttachment: (driver) => driver.getAttachment(attachment),
      putAttachment: (driver) => driver.putAttachment(attachment, { ...record, ...move, revision: 0 }),
      moveAttachment: (driver) => driver.moveAttachment(attachment, 0, move),
      deleteAttachment: (driver) => driver.deleteAttachment(attachment),
      releaseAttachments: (driver) => driver.releaseAttachments(thread, '2026'),
      listAttachments: (driver) => driver.listAttachments(scope, range),
      listDue: (driver) => driver.listDue('2027', 50),
      listScopes: (driver) => driver.listScopes({ after: null, limit: 50 }),
    }
    it.each(Object.entries(calls))('%s is one statement', async (_, call) => {
      expect(await statementsOf(call)).toHaveLength(1)
    })
  })

  describe.each(['before statistics are gathered', 'with statistics'])('in 50,000 rows, %s', (when) => {
    const scope = 'of 50000'
    const thread = { scope, threadId: 'i1' }
    beforeAll(async () => {
      if (when === 'with statistics') await database.admin.query('analyze')
    })

    it.each([
      [51, 'asc'],
      [51, 'desc'],
      [1_001, 'asc'],
      [10_000, 'desc'],
    ] as const)('a page of %i rows, %s, reads little more than itself', async (limit, order) => {
      for (const after of [null, 'i25000']) {
        const range = { after, limit, order }
        await expectFewRows((driver) => driver.listItems(thread, range), limit)
        if (when === 'before statistics are gathered') continue
        await expectFewRows((driver) => driver.listThreads(scope, range), limit)
        await expectFewRows((driver) => driver.listAttachments(scope, range), limit)
      }
    })

    it('so does a page beside 40,000 deleted items', async () => {
      await database.admin.query('begin')
      await database.admin.query(`update threadkeep.items set body = null, deleted_at = now()
        where scope = 'of 50000' and substr(id, 2)::int between 5001 and 45000`)
      for (const [after, order] of [
        ['i5000', 'asc'],
        ['i25000', 'asc'],
        ['i25000', 'desc'],
        ['i45001', 'desc'],
      ] as const)
        await expectFewRows((driver) => driver.listItems(thread, { after, limit: 51, order }), 51)
      await database.admin.query('rollback')
    })

    it('single rows, due attachments and tenants are found alone', async () => {
      await expectFewRows((driver) => driver.getItem({ ...thread, itemId: 'i25000' }), 1)
      await expectFewRows((driver) => driver.getThread(thread), 1)
      await expectFewRows((driver) => driver.getAttachment({ ...thread, attachmentId: 'i1' }), 1)
      await expectFewRows((driver) => driver.listDue('2027', 50), 50)
      await expectFewRows((driver) => driver.listScopes({ after: null, limit: 50 }), 50)
      await expectFewRows((driver) => driver.deleteItem({ ...thread, itemId: 'i25000' }), 100)
    })
  })

  it('pages keep their order where Postgres runs as much as it can in parallel', async () => {
    const { admin } = database
    const eager = ['parallel_setup_cost = 0', 'parallel_tuple_cost = 0', 'min_parallel_table_scan_size = 0']
    const more = [
      'min_parallel_index_scan_size = 0',
      'max_parallel_workers_per_gather = 4',
      'debug_parallel_query = on',
    ]
    for (const setting of [...eager, ...more]) await admin.query(`set ${setting}`)
    for (const [order, step] of [
      ['asc', 1],
      ['desc', -1],
    ] as const) {
      const range = { after: 'i25000', limit: 10_000, order }
      const wanted = Array.from({ length: 10_000 }, (_, index) => positionOf(25_000 + step * (index + 1)))
      const lists = [
        await driver.listItems({ scope: 'of 50000', threadId: 'i1' }, range),
        await driver.listThreads('of 50000', range),
        await driver.listAttachments('of 50000', range),
      ]
      for (const rows of lists) expect(rows?.map(({ position }) => position)).toEqual(wanted)
    }
    await admin.query('reset all')
  })

  /** No step of the call's statement reads, sorts or drops more than a few rows over `rows`. */
  async function expectFewRows(call: (driver: StoreDriver) => Promise<unknown>, rows: number): Promise<void> {
    const [statement] = await statementsOf(call)
    const nodes = await planOf(database.admin, statement)
    for (const node of nodes) {
      const told = `${node['Node Type']} of ${touched(node)} rows, in: ${statement?.text}`
      expect(touched(node), told).toBeLessThanOrEqual(rows + 5)
    }
  }
})

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: PlanNode[]
}

/** Every node of the plan as it was run; what it changed is taken back. */
async function planOf(admin: Client, { text, values }: Statement = { text: '', values: [] }): Promise<PlanNode[]> {
  await admin.query('begin')
  const { rows } = await admin.query(`explain (analyze, buffers, format json) ${text}`, values)
  await admin.query('rollback')
  return flat(rows[0]['QUERY PLAN'][0].Plan)
}

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)]
}

function touched(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return (node['Actual Rows'] + removed) * node['Actual Loops']
}

/** A tenant with so many threads, items in the first of them, and attachments, bound and due. */
async function fill(admin: Client, size: number): Promise<void> {
  const rows = `from generate_series(1, ${size}) n`
  const row = `'of ${size}', 'i' || n, lpad(n::text, 40, '0')`
  await admin.query(`insert into threadkeep.threads (scope, id, position, body) select ${row}, '{}' ${rows}`)
  await admin.query(
    `insert into threadkeep.items (scope, id, position, thread_id, body) select ${row}, 'i1', '{}' ${rows}`,
  )
  await admin.query(`insert into threadkeep.attachments (scope, id, position, body, state, revision, due, thread_id)
    select ${row}, '{}', '', 0, '2026', 'i1' ${rows}`)
}

function positionOf(index: number): string {
  return String(index).padStart(40, '0')
}
