import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMongod } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, type SuiteContext, thread } from '@threadkeep/conformance'
import { MongoClient } from 'mongodb'
import { expect, it, onTestFinished } from 'vitest'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { wholeRun } from '../test/whole-run.ts'
import { MongoDBStore } from './index.ts'

const bystander = { scope: 'bystander' }
const kinds = ['attachments', 'items', 'threads']

await describeOn('mongodb', (mongodb) => {
  // One command at a time, as FerretDB takes them, two runs are none side by side, and take ten minutes.
  it.skipIf(!isMongod(mongodb))(
    'two whole runs side by side pass, and write no document of anybody else',
    async () => {
      const place = { url: mongodb.url, database: testDatabase() }
      onTestFinished(() => dropDatabase(place))
      const folder = await mkdtemp(join(tmpdir(), 'threadkeep-together-'))
      onTestFinished(() => rm(folder, { recursive: true }))
      await moveIn(place)
      const before = await documentsOf(place)
      expect(before.map((documents) => documents.length)).toEqual([4, 6, 3])
      const reports = await Promise.all(['one', 'two'].map((name) => wholeRun(place, join(folder, name))))
      for (const { cases, faults, level, suite } of reports) {
        expect(cases.filter(({ result }) => result !== 'passed')).toEqual([])
        expect({ faults, level, cases: cases.length }).toEqual({ faults: [], level: 'concurrent', cases: suite.cases })
      }
      expect(await documentsOf(place)).toEqual(before)
    },
    300_000,
  )
})

/** A tenant with the ids of the suite: threads, items, deleted ones, and attachments in every state. */
async function moveIn(place: Place): Promise<void> {
  await using store = new MongoDBStore<SuiteContext>({ scope: ({ scope }) => scope, ...place })
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

/** Of each collection the tenant's documents, deleted ones too. */
async function documentsOf({ url, database }: Place): Promise<object[][]> {
  const client = new MongoClient(url)
  onTestFinished(() => client.close())
  const found = kinds.map((kind) => client.db(database).collection(`threadkeep.${kind}`).find(bystander).toArray())
  return (await Promise.all(found)).map((all) =>
    all.sort((one, other) => (String(one._id) < String(other._id) ? -1 : 1)),
  )
}
