import { randomUUID } from 'node:crypto'
import { describeOn } from '@threadkeep/backends/vitest'
import { message, thread } from '@threadkeep/conformance'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const invalid = { code: 'invalid_cursor' }

await describeOn('mongodb', (mongodb) => {
  let place: Place
  let client: MongoClient
  let store: MongoDBStore
  beforeAll(async () => {
    place = { url: mongodb.url, database: testDatabase() }
    client = new MongoClient(place.url)
    await opened().setup()
  })
  beforeEach(() => {
    store = opened()
  })
  afterAll(async () => {
    await client.close()
    await dropDatabase(place)
  })

  /** As another process has it: its first deletion looks for old tombstones. */
  function opened(): MongoDBStore {
    return new MongoDBStore({ scope: () => 'tenant', client, database: place.database })
  }

  function collection(kind: string) {
    return client.db(place.database).collection(`threadkeep.${kind}`)
  }

  async function deletedADayAgo(kind: string, ids: readonly string[]): Promise<void> {
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000 - 1).toISOString()
    for (const id of ids) {
      const aged = await collection(kind).updateOne(
        { id, gone: { $ne: 'no' } },
        { $set: { gone: `${yesterday} ${randomUUID()}` } },
      )
      expect(aged.modifiedCount).toBe(1)
    }
  }

  describe('24 hours after a deletion', () => {
    it('one in another process removes what is left of the items, and their ids are no cursors', async () => {
      await store.saveThread(thread('aged'), undefined)
      for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) await store.addThreadItem('aged', message('aged', id), undefined)
      for (const id of ['m1', 'm2', 'm3']) await store.deleteThreadItem('aged', id, undefined)
      await deletedADayAgo('items', ['m1', 'm2'])
      await opened().deleteThreadItem('aged', 'm4', undefined)
      const left = await collection('items')
        .find({}, { projection: { _id: 0, id: 1 } })
        .toArray()
      expect(left.map(({ id }) => id).sort()).toEqual(['m3', 'm4', 'm5'])
      const page = (after: string) => store.loadThreadItems('aged', after, 9, 'asc', undefined)
      for (const id of ['m3', 'm4']) expect((await page(id)).data).toEqual([message('aged', 'm5')])
      for (const id of ['m1', 'm2']) await expect(page(id)).rejects.toMatchObject(invalid)
      await store.deleteThread('aged', undefined)
    })

    it('one of the tenant removes what is left of the threads, with what came late', async () => {
      for (const id of ['gone', 'late', 'stays', 'lately']) await store.saveThread(thread(id), undefined)
      const late = await collection('threads').findOne({ id: 'late' })
      for (const id of ['gone', 'late', 'lately']) await store.deleteThread(id, undefined)
      const generation = late?.generation
      await collection('items').insertOne({
        scope: 'tenant',
        generation,
        id: 'm1',
        gone: 'no',
        position: 'p',
        body: '{}',
      })
      await deletedADayAgo('threads', ['gone', 'late'])
      await opened().deleteThread('nobody', undefined)
      expect(await collection('items').countDocuments({ generation })).toBe(0)
      const page = (after: string) => store.loadThreads(9, after, 'desc', undefined)
      expect((await page('lately')).data).toEqual([thread('stays')])
      for (const id of ['gone', 'late']) await expect(page(id)).rejects.toMatchObject(invalid)
    })
  })

  it('a row that was deleted twice works as a cursor for where it was last', async () => {
    await store.saveThread(thread('twice'), undefined)
    const add = (id: string) => store.addThreadItem('twice', message('twice', id), undefined)
    for (const id of ['m1', 'm2']) await add(id)
    await store.deleteThreadItem('twice', 'm1', undefined)
    await add('m1')
    await store.deleteThreadItem('twice', 'm1', undefined)
    await add('m3')
    const { data } = await store.loadThreadItems('twice', 'm1', 9, 'asc', undefined)
    expect(data).toEqual([message('twice', 'm3')])
  })

  it('every hundredth deletion of a process looks for old ones, too', async () => {
    await store.saveThread(thread('busy'), undefined)
    await store.addThreadItem('busy', message('busy', 'old'), undefined)
    await store.deleteThreadItem('busy', 'old', undefined)
    await deletedADayAgo('items', ['old'])
    for (let time = 1; time < 100; time++) await store.deleteThreadItem('busy', 'nobody', undefined)
    expect(await collection('items').countDocuments({ id: 'old' })).toBe(1)
    await store.deleteThreadItem('busy', 'nobody', undefined)
    expect(await collection('items').countDocuments({ id: 'old' })).toBe(0)
  })
})
