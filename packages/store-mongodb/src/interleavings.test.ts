import { randomUUID } from 'node:crypto'
import { describeOn } from '@threadkeep/backends/vitest'
import type { ThreadKey } from '@threadkeep/core/driver'
import { type Collection, MongoClient, type ObjectId } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Done, isExplained, type Seen } from '../test/explained.ts'
import { stepped } from '../test/stepped.ts'
import { dropDatabase, type Place, testDatabase } from '../test/test-database.ts'
import { no } from './layout.ts'
import { connect, type MongoDBClient } from './mongodb-client.ts'
import { MongoDBDriver } from './mongodb-driver.ts'

type Call = Done['call']

interface Run {
  /** Which of the calls that could go on did so, and how many could. */
  readonly choices: readonly { readonly chosen: number; readonly of: number }[]
  readonly done: readonly Done[]
  readonly seen: Seen
}

const meetings: readonly (readonly Call[])[] = [
  ['put m1', 'put m2', 'delete thread', 'put thread'],
  ['put m1', 'delete thread', 'delete thread', 'put thread'],
]
/** After how many of its commands the process of a call ends. */
const ends: Readonly<Record<Call, readonly number[]>> = {
  'put m1': [1, Number.POSITIVE_INFINITY],
  'put m2': [1, Number.POSITIVE_INFINITY],
  'delete thread': [1, Number.POSITIVE_INFINITY],
  'put thread': [Number.POSITIVE_INFINITY],
}
/** So many runs share a scope. */
const atOnce = 100
const names = { threads: 'threads', items: 'items', attachments: 'attachments' }
const record = (position: string) => ({ position, body: '{}' })

await describeOn('mongodb', (mongodb) => {
  let place: Place
  let client: MongoClient
  let threads: Collection
  let items: Collection
  beforeAll(async () => {
    place = { url: mongodb.url, database: testDatabase() }
    client = new MongoClient(place.url)
    threads = client.db(place.database).collection(names.threads)
    items = client.db(place.database).collection(names.items)
    await driverOf(client).setup()
  })
  afterAll(async () => {
    await client.close()
    await dropDatabase(place)
  })

  it.each(meetings)(
    '%s, %s, %s and %s: every order of their commands, each ending after any of them, is explained by one of the calls',
    { timeout: 600_000 },
    async (...calls) => {
      const runs = await Promise.all(endings(calls).map((limits) => everyOrder(calls, limits)))
      expect(runs.flat().length).toBeGreaterThan(1_000)
      expect(runs.flat().filter(({ done, seen }) => !isExplained(['m0'], done, seen))).toEqual([])
    },
  )

  it('what no order of the calls explains is told', () => {
    const put = { call: 'put m1', begin: 3, end: 4, result: true } as const
    const older = { call: 'delete thread', begin: 0, end: 2, result: undefined } as const
    const again = { call: 'put thread', begin: 1, end: 1, result: undefined } as const
    expect(isExplained(['m0'], [put], ['m0', 'm1'])).toBe(true)
    expect(isExplained(['m0'], [older, again, put], ['m1'])).toBe(true)
    expect(isExplained(['m0'], [put], ['m0'])).toBe(false)
    expect(isExplained(['m0'], [older, again, put], [])).toBe(false)
    expect(isExplained(['m0'], [older, again, put], ['m0', 'm1'])).toBe(false)
    expect(isExplained(['m0'], [older], [])).toBe(false)
  })

  it('a deletion that broke off is resumed by the next one of the thread', async () => {
    const key = { scope: 'broken off', threadId: 't1' }
    await begin(key.scope)
    const { step } = await stepped(client, (through) => driverOf(through).deleteThread(key))
    await step()
    expect(await items.countDocuments({ scope: key.scope })).toBe(atOnce)
    await driverOf(client).deleteThread(key)
    expect(await items.countDocuments({ scope: key.scope })).toBe(atOnce - 1)
  })

  /** All orders in which processes that end after so many commands can send them. */
  async function everyOrder(calls: readonly Call[], limits: readonly number[]): Promise<Run[]> {
    const runs: Run[] = []
    for (let next: number[] | undefined = []; next; ) {
      const scope = `${calls} ${limits} ${runs.length}`
      const some: Omit<Run, 'seen'>[] = []
      await begin(scope)
      for (; next && some.length < atOnce; next = nextOf(some.at(-1)))
        some.push(await run({ scope, threadId: `t${some.length}` }, calls, limits, next))
      const seen = await seenIn(scope)
      runs.push(...some.map((one, at) => ({ ...one, seen: seen.get(`t${at}`) })))
      await expectNothingLeft(scope)
    }
    return runs
  }

  async function run(
    key: ThreadKey,
    calls: readonly Call[],
    limits: readonly number[],
    next: readonly number[],
  ): Promise<Omit<Run, 'seen'>> {
    const actors = await Promise.all(
      calls.map(async (call, at) => ({
        call,
        work: await stepped(client, (through) => make(call, key, `p${at}`, driverOf(through))),
        limit: limits[at] ?? 0,
        sent: [] as number[],
      })),
    )
    const choices: Run['choices'][number][] = []
    for (let time = 0; ; time++) {
      const able = actors.filter(({ work, sent, limit }) => !work.result && sent.length < limit)
      const chosen = next[time] ?? 0
      const actor = able[chosen]
      if (!actor) break
      choices.push({ chosen, of: able.length })
      actor.sent.push(time)
      await actor.work.step()
    }
    const done = actors.map(({ call, work, sent }): Done => {
      const end = work.result ? (sent.at(-1) ?? 0) : Number.POSITIVE_INFINITY
      return { call, begin: sent[0] ?? 0, end, result: work.result?.value }
    })
    return { choices, done }
  }

  /** Threads with one item each. */
  async function begin(scope: string): Promise<void> {
    const lives = Array.from({ length: atOnce }, (_, at) => ({ scope, id: `t${at}`, generation: randomUUID() }))
    await threads.insertMany(lives.map((life) => ({ ...life, gone: no, ...record('p') })))
    await items.insertMany(lives.map((life) => ({ ...life, id: 'm0', gone: no, ...record('p') })))
  }

  /** What each thread is, that is there, and has. */
  async function seenIn(scope: string): Promise<Map<string, Seen>> {
    const live = await threads.find({ scope, gone: no }).toArray()
    const all = await items.find({ scope, gone: no }).toArray()
    const seen = live.map(({ id, generation }) => [id, all.filter((item) => item.generation === generation)] as const)
    expect(new Set(live.map(({ id }) => id)).size).toBe(live.length)
    return new Map(seen.map(([id, rows]) => [id, rows.map((row) => row.id)]))
  }

  /** A day later, deleting any thread of the scope removes what was left of all. */
  async function expectNothingLeft(scope: string): Promise<void> {
    const dead = await threads.find({ scope, gone: { $lt: no } }).toArray()
    // One command each: FerretDB keeps a connection for each part of one, and has fifty.
    const age = (_id: ObjectId) => threads.updateOne({ _id }, { $set: { gone: `2000 ${randomUUID()}` } })
    await Promise.all(dead.map(({ _id }) => age(_id)))
    await driverOf(client).deleteThread({ scope, threadId: 'another one' })
    const live = await threads.find({ scope }).toArray()
    expect(live.filter(({ gone }) => gone !== no)).toEqual([])
    const generations = live.map(({ generation }) => generation)
    expect(await items.countDocuments({ scope, generation: { $nin: generations } })).toBe(0)
    await Promise.all([threads.deleteMany({ scope }), items.deleteMany({ scope })])
  }

  function driverOf(through: MongoDBClient): MongoDBDriver {
    return new MongoDBDriver(connect({ client: through, database: place.database }, names))
  }
})

async function make(call: Call, key: ThreadKey, position: string, driver: MongoDBDriver): Promise<boolean | undefined> {
  if (call === 'put thread') await driver.putThread(key, record(position))
  else if (call === 'delete thread') await driver.deleteThread(key)
  else return driver.putItem({ ...key, itemId: call.slice('put '.length) }, record(position))
  return undefined
}

function endings(calls: readonly Call[]): number[][] {
  return calls.reduce<number[][]>((some, call) => some.flatMap((one) => ends[call].map((end) => [...one, end])), [[]])
}

/** The choices of the next run: as before, but for the last that could be another one. */
function nextOf(run: Pick<Run, 'choices'> | undefined): number[] | undefined {
  const choices = run?.choices ?? []
  const last = choices.findLastIndex(({ chosen, of }) => chosen + 1 < of)
  if (last < 0) return undefined
  return choices.slice(0, last + 1).map(({ chosen }, at) => chosen + Number(at === last))
}
