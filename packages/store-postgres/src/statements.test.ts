import { createDatabase } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { type CommandCounts, type CountedClient, countCommands } from '@threadkeep/conformance'
import { testCommands } from '@threadkeep/conformance/vitest'
import type { StoreDriver } from '@threadkeep/core/driver'
import { type Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type TestDatabase } from '../test/test-database.ts'
import { PostgresStore } from './index.ts'
import { connect, type PostgresClient } from './postgres-client.ts'
import { PostgresDriver } from './postgres-driver.ts'

const declared: CommandCounts = {
  loadThread: 1,
  'saveThread, a new one': 1,
  saveThread: 1,
  loadThreads: 1,
  'loadThreads after a cursor': 1,
  loadThreadItems: 1,
  'loadThreadItems after a cursor': 1,
  'addThreadItem, a new one': 1,
  addThreadItem: 1,
  saveItem: 1,
  loadItem: 1,
  deleteThreadItem: 1,
  saveAttachment: 1,
  loadAttachment: 1,
  'ledger.putAttachment, a new one that is due': 1,
  'ledger.getAttachment, then moveAttachment': 2,
  'ledger.releaseAttachments': 1,
  'ledger.listAttachments': 1,
  'ledger.listAttachments after a cursor': 1,
  'ledger.listDue': 1,
  'ledger.listScopes': 1,
  'ledger.hasThread': 1,
  'ledger.hasItem': 1,
  deleteAttachment: 1,
  deleteThread: 1,
}

await describeOn('postgres', (postgres) => {
  const database = createDatabase(postgres.url)
  const pool = database.then(({ url }) => new Pool({ connectionString: url, max: 20 }))
  const client: PostgresClient = { query: async (text, values) => (await pool).query(text, values) }
  const counter = countCommands(client, ['query'])
  testCommands('postgres', {
    open: async (options) => {
      const store = new PostgresStore({ ...options, client: counter.client })
      await store.setup()
      return store
    },
    counter,
    declared,
    sizes: [10, 1_000, 50_000],
    close: async () => {
      await (await pool).end()
      await (await database).drop()
    },
  })
})

await describeOn('postgres', (postgres) => {
  let database: TestDatabase
  let driver: PostgresDriver
  let counter: CountedClient<Client>
  beforeAll(async () => {
    database = await openDatabase(postgres.url)
    counter = countCommands(database.admin, ['query'])
    driver = new PostgresDriver(connect({ client: counter.client }), 'threadkeep')
    await driver.setup()
    for (const table of ['threads', 'items', 'attachments'])
      await database.admin.query(`alter table threadkeep.${table} set (autovacuum_enabled = off)`)
    for (const size of [10, 1_000, 50_000]) await fill(database.admin, size)
    await fillSmall(database.admin, 2_000)
  })
  afterAll(() => database.drop())

  const statistics = [
    'before statistics are gathered',
    'with statistics',
    'with statistics from before they came',
  ] as const
  describe.each(statistics)('in 50,000 rows, %s', (when) => {
    const scope = 'of 50000'
    const thread = { scope, threadId: 'i1' }
    beforeAll(async () => {
      if (when === 'with statistics') await database.admin.query('analyze')
      if (when === 'with statistics from before they came') await refill(database.admin, 50_000)
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

    it('a page of tenants reads little more than itself, however many there are and whatever they have', async () => {
      for (const after of [null, 'nobody', 'of 10', 'small 1000']) {
        await expectFewRows((driver) => driver.listScopes({ after, limit: 50 }), 50)
      }
    })

    it('single rows and due attachments are found alone', async () => {
      await expectFewRows((driver) => driver.getItem({ ...thread, itemId: 'i25000' }), 1)
      await expectFewRows((driver) => driver.getThread(thread), 1)
      await expectFewRows((driver) => driver.getAttachment({ ...thread, attachmentId: 'i1' }), 1)
      await expectFewRows((driver) => driver.listDue('2027', 50), 50)
      await expectFewRows((driver) => driver.deleteItem({ ...thread, itemId: 'i25000' }), 100)
    })

    it('what is bound to a thread is released in one pass', async () => {
      await expectFewRows((driver) => driver.releaseAttachments(thread, '2027'), 55_000)
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

  /** The only statement that a call sends; what it changes is taken back. */
  async function statementOf(call: (driver: StoreDriver) => Promise<unknown>): Promise<[string, unknown[]]> {
    await database.admin.query('begin')
    counter.reset()
    await call(driver)
    await database.admin.query('rollback')
    expect(counter.sent()).toHaveLength(1)
    const [text, values] = counter.sent()[0]?.args ?? []
    return [String(text), values as unknown[]]
  }

  /** No step of the call's statement reads, sorts or drops more than a few rows over `rows`. */
  async function expectFewRows(call: (driver: StoreDriver) => Promise<unknown>, rows: number): Promise<void> {
    const [text, values] = await statementOf(call)
    for (const node of await planOf(database.admin, text, values)) {
      const told = `${node['Node Type']} of ${touched(node)} rows, in: ${text}`
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
async function planOf(admin: Client, text: string, values: unknown[]): Promise<PlanNode[]> {
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

/** The same tenant again, after statistics were gathered without it. */
async function refill(admin: Client, size: number): Promise<void> {
  for (const table of ['threads', 'attachments'])
    await admin.query(`delete from threadkeep.${table} where scope = $1`, [`of ${size}`])
  await admin.query('vacuum analyze')
  await fill(admin, size)
}

/** So many tenants with a thread, and so many with an attachment, in turn. */
async function fillSmall(admin: Client, count: number): Promise<void> {
  const row = `'small ' || n, 'i1', lpad(n::text, 40, '0'), '{}'`
  const rows = `from generate_series(1, ${2 * count}) n where n % 2`
  await admin.query(`insert into threadkeep.threads (scope, id, position, body) select ${row} ${rows} = 0`)
  await admin.query(`insert into threadkeep.attachments (scope, id, position, body, state, revision)
    select ${row}, '', 0 ${rows} = 1`)
}

function positionOf(index: number): string {
  return String(index).padStart(40, '0')
}
