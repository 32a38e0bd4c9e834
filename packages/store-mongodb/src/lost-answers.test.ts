import { startTcpProxy, type TcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, thread } from '@threadkeep/conformance'
import { StorageError } from '@threadkeep/core'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { dropDatabase, type Place, testDatabase, throughProxy } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'

const scope = () => 'tenant'
const writes = 300
const cutAfter: readonly number[] = [50, 100, 150, 200]

await describeOn('mongodb', (mongodb) => {
  let place: Place
  let proxy: TcpProxy
  let direct: MongoDBStore
  beforeAll(async () => {
    place = { url: mongodb.url, database: testDatabase() }
    proxy = await startTcpProxy(new URL(place.url))
    direct = new MongoDBStore({ scope, ...place })
    await direct.setup()
  })
  afterAll(async () => {
    await proxy.close()
    await direct.close()
    await dropDatabase(place)
  })

  function opened(kind: string): MongoDBStore {
    const { url, database } = throughProxy(place, proxy)
    if (kind === 'url') return closing(new MongoDBStore({ scope, url, database }))
    const client = new MongoClient(url)
    onTestFinished(() => client.close())
    return closing(new MongoDBStore({ scope, client, database }))
  }

  function closing(store: MongoDBStore): MongoDBStore {
    onTestFinished(() => store.close())
    return store
  }

  /** The next of these are lost on their way, and the connections are cut. */
  async function cut(way: 'requests' | 'replies'): Promise<void> {
    proxy.lose(way)
    await proxy.nextLoss()
    proxy.lose()
    proxy.cut()
  }

  describe.each([
    ['before the server got them', 'requests'],
    ['after the server applied them', 'replies'],
  ] as const)('connections cut amid writes, %s', (_, way) => {
    it.each(['url', 'client'])('by %s: what was acknowledged is there once, the rest at most once', async (kind) => {
      const store = opened(kind)
      const threadId = `${kind} ${way}`
      await store.saveThread(thread(threadId), undefined)
      const ids = Array.from({ length: writes }, (_, index) => `m${index}`)
      const acknowledged = new Set<string>()
      const failed: string[] = []
      const cuts: Promise<void>[] = []
      const left = ids.values()
      const write = async () => {
        for (const id of left) {
          try {
            await store.addThreadItem(threadId, message(threadId, id), undefined)
            if (cutAfter.includes(acknowledged.add(id).size)) cuts.push(cut(way))
          } catch (error) {
            expect(error).toBeInstanceOf(StorageError)
            expect(error).toMatchObject({ code: 'unavailable', retryable: true })
            failed.push(id)
          }
        }
      }
      await Promise.all(Array.from({ length: 10 }, write))
      await Promise.all(cuts)
      expect(cuts).toHaveLength(cutAfter.length)

      const found = await idsIn(threadId)
      expect(new Set(found).size).toBe(found.length)
      expect([...acknowledged].filter((id) => !found.includes(id))).toEqual([])
      expect(found.filter((id) => !acknowledged.has(id) && !failed.includes(id))).toEqual([])

      for (const id of failed) await store.addThreadItem(threadId, message(threadId, id), undefined)
      expect((await idsIn(threadId)).sort()).toEqual(ids.sort())
    })
  })

  it('a deletion whose answer is lost may be repeated, and removes all the same', { timeout: 60_000 }, async () => {
    const store = opened('url')
    await direct.saveThread(thread('deleted'), undefined)
    await direct.addThreadItem('deleted', message('deleted', 'm1'), undefined)
    await store.ping()
    const lost = cut('replies')
    const first = store.deleteThread('deleted', undefined).catch((error) => error.code)
    await lost
    expect([undefined, 'unavailable']).toContain(await first)
    await store.deleteThread('deleted', undefined)
    const client = new MongoClient(place.url)
    onTestFinished(() => client.close())
    const items = client.db(place.database).collection('threadkeep.items')
    expect(await items.countDocuments({ body: { $regex: '"thread_id":"deleted"' } })).toBe(0)
  })

  it('a move whose answer is lost happens once', async () => {
    const { ledger } = opened('url')
    await ledger.putAttachment('tenant', attachment('a1'), { state: 'uploading', due: null, threadId: null })
    const [first, other] = await Promise.all([1, 2].map(() => ledger.getAttachment('tenant', 'a1')))
    if (!first || !other) throw new Error('the attachment was saved')
    const move = { state: 'complete', due: null, threadId: 't1' }
    const lost = cut('replies')
    const moved = ledger.moveAttachment(first, move).catch((error) => error.code)
    await lost
    expect([true, 'unavailable']).toContain(await moved)
    const after = await direct.ledger.getAttachment('tenant', 'a1')
    expect(after).toMatchObject({ ...move, revision: first.revision + 1 })
    expect(await direct.ledger.moveAttachment(other, move)).toBe(false)
  })

  async function idsIn(threadId: string): Promise<string[]> {
    const { data } = await direct.loadThreadItems(threadId, null, 2 * writes, 'asc', undefined)
    return data.map(({ id }) => id)
  }
})
