import { type OwnRedis, startOwnRedis } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { attachment, message, thread } from '@threadkeep/conformance'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { RedisStore } from './index.ts'

const scope = () => 'tenant'
const unavailable = { code: 'unavailable', retryable: true }
const unmoved = { state: 'uploading', due: null, threadId: null }
/** No snapshot can take the place of a folder. */
const unableToSave = { appendonly: 'yes', dbfilename: 'appendonlydir' }
const slowToLoad = { 'enable-debug-command': 'yes', 'loading-process-events-interval-bytes': '1024' }

await describeOn('redis', (redis) => {
  if (redis.origin === 'environment') return it.skip('needs servers of its own')
  let server: OwnRedis
  let admin: Redis
  beforeAll(async () => {
    server = await startOwnRedis(unableToSave)
    admin = new Redis(server.url)
  })
  afterAll(async () => {
    admin.disconnect()
    await server.stop()
  })

  describe.each(['url', 'client'])('by %s', (kind) => {
    let store: RedisStore
    beforeEach(async () => {
      await admin.flushall()
      const client = new Redis(server.url)
      store = new RedisStore({ scope, ...(kind === 'url' ? { url: server.url } : { client }) })
      onTestFinished(async () => {
        await store.close()
        client.disconnect()
      })
      await store.saveThread(thread('t1'), undefined)
      await store.addThreadItem('t1', message('t1', 'm1'), undefined)
    })

    /** The writes that are refused, of rows that are not there yet. */
    const additions = (): Promise<unknown>[] => [
      store.saveThread(thread('t2'), undefined),
      store.addThreadItem('t1', message('t1', 'm2'), undefined),
      store.saveAttachment(attachment('a1'), undefined),
      store.ledger.putAttachment('tenant', attachment('a2'), { ...unmoved, due: '2026-01-01T00:00:00.000Z' }),
    ]

    async function expectRefused(calls: Promise<unknown>[]): Promise<void> {
      const results = await Promise.allSettled(calls)
      for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: unavailable })
    }

    /** Rows and their order agree that nothing was added; then everything is. */
    async function expectNothingAdded(): Promise<void> {
      await store.ping().catch(() => {})
      expect((await store.loadThreads(9, null, 'asc', undefined)).data).toEqual([thread('t1')])
      expect((await store.loadThreadItems('t1', null, 9, 'asc', undefined)).data).toEqual([message('t1', 'm1')])
      expect(await store.ledger.listAttachments('tenant', null, 9)).toEqual([])
      expect(await store.ledger.listDue(new Date(), 9)).toEqual([])
      const missing = [store.loadThread('t2', undefined), store.loadItem('t1', 'm2', undefined)]
      for (const call of missing) await expect(call).rejects.toMatchObject({ code: 'not_found' })
      await Promise.all(additions())
      expect(await store.ledger.listDue(new Date(), 9)).toMatchObject([{ attachment: attachment('a2') }])
    }

    it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
      ['is a replica now', () => admin.replicaof('127.0.0.1', 1), () => admin.replicaof('NO', 'ONE')],
      [
        'is a replica that lost its primary',
        async () => {
          await admin.config('SET', 'replica-serve-stale-data', 'no')
          await admin.replicaof('127.0.0.1', 1)
        },
        async () => {
          await admin.replicaof('NO', 'ONE')
          await admin.config('SET', 'replica-serve-stale-data', 'yes')
        },
      ],
      ['has no memory left', () => admin.config('SET', 'maxmemory', '1'), () => admin.config('SET', 'maxmemory', '0')],
      [
        'misses its replicas',
        () => admin.config('SET', 'min-replicas-to-write', '1'),
        () => admin.config('SET', 'min-replicas-to-write', '0'),
      ],
      ['cannot write its snapshots', failToSave, () => admin.config('SET', 'save', '')],
    ])('a server that %s makes writes unavailable, and nothing of them is there', async (_, begin, end) => {
      await begin()
      try {
        await expectRefused(additions())
      } finally {
        await end()
      }
      await expectNothingAdded()
    })

    it('a server that runs somebody’s endless script makes every call unavailable, until it is ended', async () => {
      await admin.config('SET', 'busy-reply-threshold', '1')
      const culprit = new Redis(server.url)
      onTestFinished(() => culprit.disconnect())
      const endless = culprit.eval('while true do end', 0).catch(String)
      while ((await admin.ping().catch(String)) === 'PONG');
      await expectRefused([...additions(), store.loadThread('t1', undefined), store.ping()])
      await admin.script('KILL')
      expect(await endless).toContain('Script killed')
      await expectNothingAdded()
    })

    it('a full server still deletes, moves and releases', async () => {
      const { ledger } = store
      for (const id of ['a1', 'a2'])
        await ledger.putAttachment('tenant', attachment(id), { ...unmoved, threadId: 't1' })
      await store.addThreadItem('t1', message('t1', 'm2'), undefined)
      const entry = await ledger.getAttachment('tenant', 'a1')
      if (!entry) throw new Error('the attachment was saved')
      await admin.config('SET', 'maxmemory', '1')
      try {
        const due = '2026-01-01T00:00:00.000Z'
        expect(await ledger.moveAttachment(entry, { state: 'failed', due, threadId: 't1' })).toBe(true)
        await ledger.releaseAttachments('tenant', 't1', new Date(due))
        expect((await ledger.listDue(new Date(), 9)).map(({ attachment }) => attachment.id)).toEqual(['a1', 'a2'])
        await ledger.deleteAttachment('tenant', 'a1')
        await store.deleteThreadItem('t1', 'm1', undefined)
        expect((await store.loadThreadItems('t1', 'm1', 9, 'asc', undefined)).data).toEqual([message('t1', 'm2')])
        await store.deleteThread('t1', undefined)
        expect((await store.loadThreads(9, null, 'asc', undefined)).data).toEqual([])
        await expectRefused([store.saveThread(thread('t1'), undefined)])
      } finally {
        await admin.config('SET', 'maxmemory', '0')
      }
    })
  })

  it('a server that loads its data makes calls unavailable, until it is done', async () => {
    const server = await startOwnRedis(slowToLoad)
    onTestFinished(() => server.stop())
    const [client, loader, admin] = [new Redis(server.url), new Redis(server.url), new Redis(server.url)]
    onTestFinished(() => [client, loader, admin].forEach((each) => void each.disconnect()))
    await using store = new RedisStore({ scope, client })
    await store.saveThread(thread('t1'), undefined)
    for (let key = 0; key < 2_000; key++) await admin.set(`k${key}`, 'x'.repeat(500))
    await admin.config('SET', 'key-load-delay', '10000')
    const loaded = loader.call('DEBUG', 'RELOAD')
    while (!(await admin.info('persistence')).includes('loading:1'));
    await expect(store.saveThread(thread('t2'), undefined)).rejects.toMatchObject(unavailable)
    await expect(store.loadThread('t1', undefined)).rejects.toMatchObject(unavailable)
    await admin.config('SET', 'key-load-delay', '0')
    expect(await loaded).toBe('OK')
    expect((await store.loadThreads(9, null, 'asc', undefined)).data).toEqual([thread('t1')])
  })

  /** Redis refuses writes while its last snapshot failed and it is told to take them. */
  async function failToSave(): Promise<void> {
    await admin.bgsave()
    while (!(await admin.info('persistence')).includes('rdb_last_bgsave_status:err'));
    await admin.config('SET', 'save', '3600 1')
  }
})
