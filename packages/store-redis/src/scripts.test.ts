import { describeOn } from '@threadkeep/backends/vitest'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeKeys, testPrefix } from '../test/redis-client.ts'
import { type Connection, classify, connect } from './redis-client.ts'
import { RedisDriver } from './redis-driver.ts'
import { type ScriptName, scripts } from './scripts.ts'

interface Run {
  readonly script: ScriptName
  readonly keys: readonly string[]
  readonly args: readonly (string | number)[]
}

/** Where any type will do: it only matters that there is something, or it is removed whole. */
const anyType: readonly string[] = [
  'putThread 4',
  'putAttachment 6',
  'deleteThread 4',
  'deleteThread 5',
  'deleteThread 6',
]
const readers: readonly string[] = ['page', 'getAttachments', 'hasAny']
const places = Object.entries(scripts).flatMap(([script, { keys }]) =>
  readers.includes(script) ? [] : Array.from({ length: keys }, (_, index) => [script, index + 1] as const),
)

await describeOn('redis', (redis) => {
  const prefix = testPrefix()
  let client: Redis
  let runs: Run[]
  beforeAll(async () => {
    client = new Redis(redis.url)
    runs = await everyScript(connect({ client }))
  })
  afterAll(async () => {
    await removeKeys(client, prefix)
    client.disconnect()
  })

  it('this test runs every script, and each on all the keys that it declares', () => {
    expect(new Set(runs.map(({ script }) => script))).toEqual(new Set(Object.keys(scripts)))
    for (const { script, keys } of runs) expect(keys).toHaveLength(scripts[script].keys)
  })

  it('all keys of a run are in one slot', async () => {
    for (const { keys } of runs) {
      expect(new Set(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1])).size).toBe(1)
    }
  })

  it.each(places)('%s: a key of another type in place %i changes nothing', async (script, place) => {
    const errors = new Set<unknown>()
    for (const [index, run] of runs.entries()) if (run.script === script) errors.add(await errorOf(index, place))
    errors.delete(undefined)
    expect([...errors]).toEqual(anyType.includes(`${script} ${place}`) ? [] : ['configuration'])
  })

  /** Of one run, after all those before it, with a key of another type. */
  async function errorOf(index: number, place: number): Promise<unknown> {
    const connection = connect({ client })
    const trial = `${prefix}:${index}-${place}`
    const here = runs.slice(0, index + 1).map((run) => moved(run, trial))
    for (const { script, keys, args } of here.slice(0, -1)) await connection.run(script, keys, args)
    const { script, keys, args } = here[index] as Run
    const wrong = String(keys[place - 1])
    await client.unlink(wrong)
    await client.rpush(wrong, 'of another type')
    const before = await everything(trial)
    const error = await connection.run(script, keys, args).then(() => undefined, classify)
    if (error !== undefined) expect(await everything(trial)).toEqual(before)
    return error
  }

  /** Every key with what it holds. */
  async function everything(trial: string): Promise<Map<string, Buffer | null>> {
    const found = new Map<string, Buffer | null>()
    for (const key of new Set(runs.flatMap((run) => moved(run, trial).keys)))
      found.set(key, await client.dumpBuffer(key))
    return found
  }

  function moved({ keys, ...run }: Run, trial: string): Run {
    return { ...run, keys: keys.map((key) => key.replace(prefix, trial)) }
  }

  /** The runs of operations that run every script, each in every way that it can write. */
  async function everyScript(connection: Connection): Promise<Run[]> {
    const found: Run[] = []
    const recording: Connection = {
      ...connection,
      run: (script, keys, args) => {
        found.push({ script, keys, args })
        return connection.run(script, keys, args)
      },
    }
    const driver = new RedisDriver(recording, prefix)
    const [thread, attachment] = [
      { scope: 's', threadId: 't' },
      { scope: 's', attachmentId: 'a' },
    ]
    const row = (position: string) => ({ position, body: '{}' })
    const due = '2026-01-01T00:00:00.000Z'
    const unmoved = { state: '', due: null, threadId: null, revision: 0 }
    const moves = [
      { state: '', due, threadId: 't' },
      { state: '', due: null, threadId: null },
    ]
    for (const position of ['p1', 'p2']) await driver.putThread(thread, row(position))
    for (const position of ['p1', 'p2']) await driver.putItem({ ...thread, itemId: 'i' }, row(position))
    await driver.deleteItem({ ...thread, itemId: 'i' })
    await driver.putItem({ ...thread, itemId: 'i' }, row('p3'))
    await driver.listItems(thread, { after: 'i', limit: 9, order: 'asc' })
    for (const position of ['p1', 'p2']) await driver.putAttachment(attachment, { ...row(position), ...unmoved })
    for (const [revision, move] of moves.entries()) await driver.moveAttachment(attachment, revision, move)
    await driver.moveAttachment(attachment, 2, { state: '', due, threadId: 't' })
    await driver.releaseAttachments(thread, due)
    await driver.getAttachment(attachment)
    await driver.deleteAttachment(attachment)
    await driver.deleteThread(thread)
    await driver.listScopes({ after: null, limit: 9 })
    const settle = found.find(({ script }) => script === 'settle')
    await recording.run('settle', settle?.keys ?? [], ['s', '', 0, '1'])
    return found
  }
})
