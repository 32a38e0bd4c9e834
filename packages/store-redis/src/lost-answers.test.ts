import { startTcpProxy, type TcpProxy } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, thread } from '@threadkeep/conformance'
import { StorageError } from '@threadkeep/core'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { clientOf, removeKeys, testPrefix } from '../test/redis-client.ts'
import { RedisStore } from './index.ts'

const scope = () => 'tenant'
const prefix = testPrefix()
const writes = 1_000
const cutAfter: readonly number[] = [150, 300, 450, 600]

await describeOn('redis', (redis) => {
  let proxy: TcpProxy
  let url: string
  let direct: RedisStore
  beforeAll(async () => {
    proxy = await startTcpProxy(new URL(redis.url))
    url = Object.assign(new URL(redis.url), { host: `127.0.0.1:${proxy.port}` }).href
    direct = new RedisStore({ scope, url: redis.url, prefix })
  })
  afterAll(async () => {
    await proxy.close()
    await direct.close()
    const client = clientOf(redis.url)
    await removeKeys(client, prefix)
    client.disconnect()
  })

  /** A store through the proxy. A client that is given sends again what was not answered; the store's own does not. */
  function opened(kind: string): RedisStore {
    if (kind === 'url') return closing(new RedisStore({ scope, url, prefix }))
    const client = new Redis(url)
    onTestFinished(() => client.disconnect())
    return closing(new RedisStore({ scope, client, prefix }))
  }

  function closing(store: RedisStore): RedisStore {
    onTestFinished(() => store.close())
    return store
  }

  /** The next of these are lost on their way, and the connection is cut. */
  async function cut(way: 'requests' | 'replies'): Promise<void> {
    proxy.lose(way)
    await proxy.nextLoss()
    proxy.lose()
    proxy.cut()
  }

  describe.each([
    ['before the server got them', 'requests'],
    ['after the server applied them', 'replies'],
  ] as const)('connections cut amid 1,000 writes, %s', (_, way) => {
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
            expectUnavailable(error)
            failed.push(id)
          }
        }
      }
      await Promise.all(Array.from({ length: 20 }, write))
      await Promise.all(cuts)
      expect(cuts).toHaveLength(cutAfter.length)
      if (kind === 'client') expect(failed).toEqual([])

      const found = await idsIn(threadId)
      expect(new Set(found).size).toBe(found.length)
      expect([...acknowledged].filter((id) => !found.includes(id))).toEqual([])
      if (kind === 'url') expect(failed.some((id) => found.includes(id) === (way === 'replies'))).toBe(true)
      expect(found.filter((id) => !acknowledged.has(id) && !failed.includes(id))).toEqual([])

      for (const id of failed) await store.addThreadItem(threadId, message(threadId, id), undefined)
      expect((await idsIn(threadId)).sort()).toEqual(ids.sort())
    })
  })

  it('a move whose answer is lost is sent again, happens once, and is told as done', async () => {
    const { ledger } = opened('client')
    await ledger.putAttachment('tenant', attachment('a1'), { state: 'uploading', due: null, threadId: null })
    const [first, ...others] = await Promise.all(Array.from({ length: 3 }, () => ledger.getAttachment('tenant', 'a1')))
    if (!first || !others[0] || !others[1]) throw new Error('the attachment was saved')
    const move = { state: 'complete', due: null, threadId: 't1' }
    const lost = cut('replies')
    const moved = ledger.moveAttachment(first, move)
    await lost
    expect(await moved).toBe(true)
    const after = await direct.ledger.getAttachment('tenant', 'a1')
    expect(after).toMatchObject({ ...move, revision: first.revision + 1 })
    expect(await ledger.moveAttachment(others[0], move)).toBe(false)
    expect(await direct.ledger.moveAttachment(others[1], move)).toBe(false)
  })

  async function idsIn(threadId: string): Promise<string[]> {
    const { data } = await direct.loadThreadItems(threadId, null, 2 * writes, 'asc', undefined)
    return data.map(({ id }) => id)
  }
})

function expectUnavailable(error: unknown): void {
  expect(error).toBeInstanceOf(StorageError)
  expect(error).toMatchObject({ code: 'unavailable', retryable: true })
}
