import { MongoClient } from 'mongodb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isMongod, startMongoDBReplicaSet, startOwnMongoDB } from './mongodb.ts'
import { describeOn } from './vitest.ts'

await describeOn('mongodb', (mongodb) => {
  test('adds one a hundred times at once to a hundred', async () => {
    const counters = connected(mongodb.url).db(`test-${process.pid}`).collection('counters')
    onTestFinished(async () => void (await counters.drop()))
    await counters.insertOne({ name: 'one', count: 0 })
    const add = () => counters.updateOne({ name: 'one' }, { $inc: { count: 1 } })
    await Promise.all(Array.from({ length: 100 }, add))
    expect(await counters.findOne({ name: 'one' })).toMatchObject({ count: 100 })
  })

  describe.skipIf(mongodb.origin === 'environment')('a server of one test', () => {
    test('is killed, and starts again on its port with what was acknowledged', async () => {
      const own = await startOwnMongoDB()
      onTestFinished(() => own.stop())
      const rows = (url: string) => connected(url).db('test').collection('rows')
      await rows(own.url).insertOne({ name: 'kept' }, { writeConcern: { w: 'majority', j: true } })
      await own.kill()
      await expect(rows(own.url).findOne({})).rejects.toThrow('ECONNREFUSED')
      await own.start()
      expect(await rows(own.url).findOne({})).toMatchObject({ name: 'kept' })
    })

    test('answers nothing while it is held still, and everything afterwards', async () => {
      const own = await startOwnMongoDB()
      onTestFinished(() => own.stop())
      const ping = () => client.db('admin').command({ ping: 1 })
      const client = connected(own.url)
      await ping()
      const order: string[] = []
      await own.pause()
      const answer = ping().then(() => order.push('answered'))
      await expect(connected(own.url).db('admin').command({ ping: 1 })).rejects.toThrow()
      order.push('resumed')
      await own.resume()
      await answer
      expect(order).toEqual(['resumed', 'answered'])
    })

    test('may be stopped while it is held still, and twice', async () => {
      const own = await startOwnMongoDB()
      await own.pause()
      await own.stop()
      await own.stop()
      await expect(connected(own.url).db('admin').command({ ping: 1 })).rejects.toThrow('ECONNREFUSED')
    })

    test.skipIf(!isMongod(mongodb))('may be a replica set of one', async () => {
      const own = await startMongoDBReplicaSet()
      onTestFinished(() => own.stop())
      expect(await connected(own.url).db('admin').command({ hello: 1 })).toMatchObject({ setName: 'threadkeep' })
    })
  })
})

function connected(url: string): MongoClient {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 500 })
  onTestFinished(() => client.close())
  return client
}
