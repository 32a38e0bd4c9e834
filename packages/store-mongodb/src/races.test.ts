import { type OwnMongoDB, startOwnMongoDB } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, thread } from '@threadkeep/conformance'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const rounds = 40
const atOnce = Array.from({ length: 8 }, (_, index) => index)

await describeOn('mongodb', (mongodb) => {
  let own: OwnMongoDB | undefined
  let place: Place
  let client: MongoClient
  let store: MongoDBStore
  beforeAll(async () => {
    // Commands of a FerretDB that is not isolated meet half-way, so that both find nothing to replace.
    if (mongodb.origin !== 'environment') own = await startOwnMongoDB(false)
    place = { url: own?.url ?? mongodb.url, database: testDatabase() }
    client = new MongoClient(place.url, { monitorCommands: true })
    store = new MongoDBStore({ scope: () => 'tenant', client, database: place.database })
    await store.setup()
  })
  afterAll(async () => {
    await client.close()
    await dropDatabase(place)
    await own?.stop()
  })

  it('first saves of the same rows at once all succeed, and are one row each', { timeout: 120_000 }, async () => {
    let refused = 0
    client.on('commandSucceeded', ({ reply }) => {
      refused += Object(reply).writeErrors?.length ?? 0
    })
    for (let round = 0; round < rounds; round++) {
      const id = `t${round}`
      await Promise.all(atOnce.map(() => store.saveThread(thread(id), undefined)))
      await Promise.all(atOnce.map(() => store.addThreadItem(id, message(id, 'm1'), undefined)))
      await Promise.all(atOnce.map(() => store.saveAttachment(attachment(id), undefined)))
      expect((await store.loadThreadItems(id, null, 9, 'asc', undefined)).data).toEqual([message(id, 'm1')])
    }
    for (const kind of ['threads', 'items', 'attachments'])
      expect(await client.db(place.database).collection(`threadkeep.${kind}`).countDocuments()).toBe(rounds)
    console.info(`${refused} of ${rounds * 3 * (atOnce.length - 1)} were refused once, as duplicates`)
    if (own?.version.startsWith('ferretdb')) expect(refused).toBeGreaterThan(0)
  })
})
