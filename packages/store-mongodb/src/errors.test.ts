import { inspect } from 'node:util'
import { isMongod } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { thread } from '@threadkeep/conformance'
import { StorageError } from '@threadkeep/core'
import * as mongodb from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dropDatabase, testDatabase } from '../test/test-database.ts'
import { MongoDBStore } from './index.ts'
import { classify } from './mongodb-client.ts'

const { MongoClient } = mongodb
const scope = () => 'tenant'

describe('options', () => {
  it.each([
    ['neither a client nor a url', {}],
    ['both', { url: 'mongodb://127.0.0.1', client: new MongoClient('mongodb://127.0.0.1') }],
    ['a url of something else', { url: 'https://me:open-sesame@127.0.0.1' }],
    ['a url without its scheme', { url: 'me:open-sesame@127.0.0.1' }],
  ])('%s is configuration, and the url stays hidden in the whole error', (_, source) => {
    const error = errorOf(() => new MongoDBStore({ scope, ...source }))
    expect(error).toMatchObject({ code: 'configuration', retryable: false })
    expect(inspect(error)).not.toContain('sesame')
  })

  it.each([
    ['a prefix that is none', { prefix: '$cmd' }],
    ['more bytes than a document may have', { maxBodyBytes: 16 * 2 ** 20 }],
  ])('%s is invalid_argument', (_, wrong) => {
    const error = errorOf(() => new MongoDBStore({ scope, url: 'mongodb://127.0.0.1', ...wrong }))
    expect(error).toMatchObject({ code: 'invalid_argument' })
  })

  it.each(['mongodb://me:open/sesame@127.0.0.1:x', 'mongodb://me:open-sesame@127.0.0.1/?sesame=1', 'mongodb://'])(
    'an unreadable url, %s, is configuration, and stays hidden in the whole error',
    async (url) => {
      await using store = new MongoDBStore({ scope, url })
      const error = await store.ping().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'configuration', retryable: false })
      expect(inspect(error)).not.toContain('sesame')
    },
  )

  it('a client that asks for no acknowledgement is configuration', async () => {
    await using store = new MongoDBStore({ scope, client: new MongoClient('mongodb://127.0.0.1:1/?w=0') })
    await expect(store.ping()).rejects.toMatchObject({ code: 'configuration' })
  })
})

describe('the errors of a server', () => {
  it.each([
    ['unavailable', [6, 7, 91, 189, 10_107, 11_600, 11_602, 13_435, 13_436]],
    ['timeout', [50, 64, 262]],
    ['configuration', [13, 18, 73, 85, 86, 8_000]],
    ['conflict', [11_000]],
    ['too_large', [10_334]],
    ['not_supported', [115, 238]],
  ] as const)('%s: %j', (code, numbers) => {
    for (const number of numbers)
      expect([number, classify(new mongodb.MongoServerError({ code: number, message: 'no' }))]).toEqual([number, code])
  })
})

describe('the errors of a client', () => {
  const { MongoNetworkError, MongoNetworkTimeoutError, MongoOperationTimeoutError, MongoParseError } = mongodb
  it.each([
    [new MongoNetworkError('connection 1 to 127.0.0.1:1 closed'), 'unavailable'],
    [new MongoNetworkTimeoutError('connection 1 to 127.0.0.1:1 timed out'), 'timeout'],
    [new MongoOperationTimeoutError('Timed out during socket read'), 'timeout'],
    [new MongoParseError('Invalid scheme'), 'configuration'],
    [new MongoNetworkError('self-signed certificate'), 'configuration'],
    [Object.assign(new Error('querySrv ENOTFOUND _mongodb._tcp.nowhere'), { code: 'ENOTFOUND' }), 'unavailable'],
    [new Error('what nobody knows'), undefined],
  ])('%s is %s', (error, code) => expect(classify(error)).toBe(code))
})

await describeOn('mongodb', (backend) => {
  it.each([
    ['an unknown host', 'mongodb://nowhere.invalid'],
    ['a port where nobody listens', 'mongodb://127.0.0.1:1'],
  ])('%s is unavailable', async (_, url) => {
    await using store = new MongoDBStore({ scope, url, timeoutMs: 1_000 })
    for (let time = 0; time < 2; time++)
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    expect(await store.check()).toMatchObject([{ topic: 'reachable', level: 'error' }])
  })

  it('a user whom the server does not know is configuration each time, and no message holds the password', async () => {
    const url = Object.assign(new URL(backend.url), { username: 'nobody', password: 'open-sesame' }).href
    await using store = new MongoDBStore({ scope, url })
    for (let time = 0; time < 3; time++) {
      const error = await store.loadThread('t1', undefined).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'configuration', retryable: false })
      expect(String(error)).not.toContain('open-sesame')
      expect(inspect(error)).not.toContain('open-sesame')
    }
    await expect(store.check()).rejects.toMatchObject({ code: 'configuration' })
  })

  it('a database name that cannot be is configuration', async () => {
    await using store = new MongoDBStore({ scope, url: backend.url, database: 'a b.c$' })
    await expect(store.saveThread(thread('t1'), undefined)).rejects.toMatchObject({ code: 'configuration' })
  })

  describe.skipIf(!isMongod(backend))('a user who may only read and write documents, which a mongod can tell', () => {
    it('may use the store after setup(), and call setup() and check()', async () => {
      const place = { url: backend.url, database: testDatabase() }
      onTestFinished(() => dropDatabase(place))
      const admin = new MongoClient(place.url)
      onTestFinished(() => admin.close())
      await using owner = new MongoDBStore({ scope, ...place })
      await owner.setup()
      const actions = ['find', 'insert', 'update', 'remove', 'listIndexes']
      const resource = { db: place.database, collection: '' }
      await admin.db(place.database).command({ createRole: 'chat', privileges: [{ resource, actions }], roles: [] })
      await admin.db(place.database).command({ createUser: 'chat', pwd: 'secret', roles: ['chat'] })
      const login = Object.assign(new URL(place.url), { username: 'chat', password: 'secret' })
      login.searchParams.set('authSource', place.database)
      await using store = new MongoDBStore({ scope, url: login.href, database: place.database })
      await store.setup()
      await store.saveThread(thread('t1'), undefined)
      await store.deleteThread('t1', undefined)
      expect((await store.check()).filter(({ level }) => level === 'error')).toEqual([])
    })
  })
})

function errorOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(StorageError)
    return error
  }
  throw new Error('nothing was thrown')
}
