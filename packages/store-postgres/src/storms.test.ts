import { describeOn } from '@threadkeep/backends/vitest'
import type { StorageError, ThreadItem, ThreadMetadata } from '@threadkeep/core'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type TestDatabase } from '../test/test-database.ts'
import { PostgresStore } from './index.ts'

const storms = 120
const callsOfAStorm = 64
const connections = 16

await describeOn('postgres', (postgres) => {
  let database: TestDatabase
  let pool: Pool
  let store: PostgresStore<undefined>
  beforeAll(async () => {
    database = await openDatabase(postgres.url)
    pool = new Pool({ connectionString: database.url, max: connections })
    store = new PostgresStore({ scope: () => 'tenant', client: pool })
    await store.setup()
  })
  afterAll(async () => {
    await store.close()
    await pool.end()
    await database.drop()
  })

  describe('storms of adds, upserts, deletions and new lives from 16 connections', () => {
    const errors: StorageError[] = []
    it(`${storms} of them answer every call or say not_found`, { timeout: 120_000 }, async () => {
      const random = randomFrom(1)
      for (let storm = 0; storm < storms; storm += 1) {
        await age(database)
        const calls = Array.from({ length: callsOfAStorm }, () => call(store, random))
        for (const result of await Promise.allSettled(calls))
          if (result.status === 'rejected') errors.push(result.reason)
        expect(await orphans(database)).toBe(0)
      }
      expect(errors.filter((error) => error.code !== 'not_found').map((error) => error.cause ?? error)).toEqual([])
    })

    it('did race: many calls met a thread that was gone', () => {
      expect(errors.length).toBeGreaterThan(storms)
    })

    it('leave lists that agree with single loads', async () => {
      const { data: threads } = await store.loadThreads(100, null, 'asc', undefined)
      for (const id of threadIds) {
        const there = await store.loadThread(id, undefined).then(() => true, missing)
        expect(threads.some((thread) => thread.id === id)).toBe(there)
        const { data: items } = await store.loadThreadItems(id, null, 100, 'asc', undefined)
        for (const itemId of itemIds) {
          const known = await store.loadItem(id, itemId, undefined).then(() => true, missing)
          expect(items.some((item) => item.id === itemId)).toBe(known)
        }
      }
    })
  })

  it('a deletion that races additions leaves no orphan, in 100 races', { timeout: 60_000 }, async () => {
    for (let race = 0; race < 100; race += 1) {
      await store.saveThread(thread('raced'), undefined)
      const adds = Array.from({ length: 12 }, (_, index) =>
        store.addThreadItem('raced', item('raced', `i${index}`), undefined),
      )
      adds.splice(race % 12, 0, store.deleteThread('raced', undefined))
      for (const result of await Promise.allSettled(adds))
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'not_found' })
      const { rows } = await database.admin.query(`select from threadkeep.items where thread_id = 'raced'`)
      expect(rows).toHaveLength(0)
    }
  })

  it('threads deleted at once, each with a place to remove, do not wait for each other in a circle', async () => {
    const ids = Array.from({ length: connections }, (_, index) => `again${index}`)
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(ids.map((id) => store.saveThread(thread(id), undefined)))
      await age(database)
      await Promise.all(ids.map((id) => store.deleteThread(id, undefined)))
    }
  })

  it('releases of the same attachments, moved meanwhile, do not either', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `a${index}`)
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(ids.map((id) => bind(store, id, 'released')))
      const release = () => store.ledger.releaseAttachments('tenant', 'released', new Date())
      await Promise.all(ids.flatMap((id) => [release(), bind(store, id, 'released')]))
    }
  })

  describe('24 hours after a deletion', () => {
    it('a later one in the thread removes what is left of the items, a hundred at a time', async () => {
      await store.saveThread(thread('aged'), undefined)
      const ids = Array.from({ length: 150 }, (_, index) => `i${index}`)
      await Promise.all(ids.map((id) => store.addThreadItem('aged', item('aged', id), undefined)))
      await Promise.all(ids.slice(2).map((id) => store.deleteThreadItem('aged', id, undefined)))
      const left = async () =>
        (await database.admin.query(`select from threadkeep.items where thread_id = 'aged' and body is null`)).rows
          .length
      expect(await left()).toBe(148)
      await age(database)
      await store.deleteThreadItem('aged', 'i0', undefined)
      expect(await left()).toBe(49)
      await store.deleteThreadItem('aged', 'i0', undefined)
      expect(await left()).toBe(1)
      expect((await store.loadThreadItems('aged', null, 9, 'asc', undefined)).data.map(({ id }) => id)).toEqual(['i1'])
      await expect(store.loadThreadItems('aged', 'i5', 9, 'asc', undefined)).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
    })

    it('a later one of the tenant removes what is left of the threads', async () => {
      for (const id of ['gone1', 'gone2', 'stays']) await store.saveThread(thread(id), undefined)
      for (const id of ['gone1', 'gone2']) await store.deleteThread(id, undefined)
      await age(database)
      await store.deleteThread('stays', undefined)
      const { rows } = await database.admin.query('select id from threadkeep.deleted_threads')
      expect(rows).toEqual([{ id: 'stays' }])
      await expect(store.loadThreads(9, 'gone1', 'asc', undefined)).rejects.toMatchObject({ code: 'invalid_cursor' })
      expect(await store.loadThreads(9, 'stays', 'asc', undefined)).toMatchObject({ has_more: false })
    })

    it('nothing younger is removed', async () => {
      await store.saveThread(thread('young'), undefined)
      for (const id of ['i1', 'i2', 'i3']) await store.addThreadItem('young', item('young', id), undefined)
      for (const id of ['i1', 'i2']) await store.deleteThreadItem('young', id, undefined)
      expect((await store.loadThreadItems('young', 'i1', 9, 'asc', undefined)).data.map(({ id }) => id)).toEqual(['i3'])
    })
  })
})

const threadIds = ['t1', 't2', 't3']
/** Of items and attachments. */
const itemIds = ['i1', 'i2', 'i3', 'i4', 'i5', 'i6']

/** One call of a storm: mostly changes of few rows, so that they meet. */
function call(store: PostgresStore<undefined>, random: (below: number) => number): Promise<unknown> {
  const threadId = threadIds[random(threadIds.length)] ?? ''
  const itemId = itemIds[random(itemIds.length)] ?? ''
  const dice = random(20)
  if (dice < 5) return store.addThreadItem(threadId, item(threadId, itemId), undefined)
  if (dice < 9) return store.deleteThreadItem(threadId, itemId, undefined)
  if (dice < 12) return store.saveThread(thread(threadId), undefined)
  if (dice < 14) return store.deleteThread(threadId, undefined)
  if (dice < 15) return store.loadThreadItems(threadId, null, 3, 'desc', undefined)
  if (dice < 17) return store.ledger.releaseAttachments('tenant', threadId, new Date())
  if (dice < 18) return store.deleteAttachment(itemId, undefined)
  return bind(store, itemId, threadId)
}

/** Saves an attachment, and binds it to the thread unless somebody else moves it meanwhile. */
async function bind(store: PostgresStore<undefined>, id: string, threadId: string): Promise<void> {
  const attachment = { type: 'file' as const, id, name: 'a.txt', mime_type: 'text/plain' }
  await store.saveAttachment(attachment, undefined)
  const entry = await store.ledger.getAttachment('tenant', id)
  if (entry) await store.ledger.moveAttachment(entry, { state: 'complete', due: null, threadId })
}

/** Moves every deletion so far more than a day into the past. */
async function age({ admin }: TestDatabase): Promise<void> {
  await admin.query(`update threadkeep.items set deleted_at = now() - interval '25 hours' where deleted_at is not null`)
  await admin.query(`update threadkeep.deleted_threads set deleted_at = now() - interval '25 hours'`)
}

async function orphans({ admin }: TestDatabase): Promise<number> {
  const { rows } = await admin.query(`select from threadkeep.items item where not exists
    (select from threadkeep.threads thread where thread.scope = item.scope and thread.id = item.thread_id)`)
  return rows.length
}

function thread(id: string): ThreadMetadata {
  return { id, created_at: '2026-01-01', status: { type: 'active' }, metadata: {} }
}

function item(thread_id: string, id: string): ThreadItem {
  return { type: 'assistant_message', id, thread_id, created_at: '2026-01-01', content: [] }
}

function missing(error: unknown): false {
  expect(error).toMatchObject({ code: 'not_found' })
  return false
}

/** The same whole numbers in every run, so that a failing storm can be met again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
