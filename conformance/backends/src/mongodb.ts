import { MongoClient } from 'mongodb'
import type { Backend, BackendOrigin } from './backend.ts'
import { startDockerService } from './docker.ts'
import { environmentUrl } from './environment-url.ts'
import { startFerretDB } from './ferretdb.ts'
import { firstThatAnswers, type Way } from './first-that-answers.ts'
import { freePort } from './free-port.ts'
import { mongodFromNpm, mongodInContainer, mongodOnPath } from './mongod.ts'
import { startPostgres } from './postgres.ts'
import type { ServerProcess } from './server-process.ts'
import { until } from './until.ts'

/** A MongoDB of one test, which may be killed, started again on the same port, and held still. */
export interface OwnMongoDB extends Backend, ServerProcess {}

/**
 * A MongoDB for tests: the one `THREADKEEP_TEST_MONGODB_URL` names, else a container, else a mongod on PATH or from npm,
 * else a FerretDB before this Postgres. Whoever comes may create databases. Rejects with `BackendUnavailable` when there
 * is none.
 */
export function startMongoDB(postgres: () => Promise<{ readonly url: string }>): Promise<Backend> {
  const [, ...here] = mongodWays([])
  return firstThatAnswers<Started>('mongodb', [
    [
      'environment',
      async () => identified({ url: environmentUrl('THREADKEEP_TEST_MONGODB_URL'), stop: async () => {} }),
    ],
    ['docker', async () => identified(await fromDocker())],
    ...here,
    ['embedded', async () => identified(await startFerretDB((await postgres()).url), 'one command at a time')],
  ])
}

/**
 * A mongod or a FerretDB, as `startMongoDB` finds them, but of one test. A FerretDB that is not `isolated` lets commands
 * meet half-way, so that races show which a mongod hides most of the time.
 */
export function startOwnMongoDB(isolated = true): Promise<OwnMongoDB> {
  return firstThatAnswers<Started<OwnMongoDB>>('mongodb', [
    ...mongodWays([]),
    ['embedded', () => ownFerretDB(isolated)],
  ])
}

/** A replica set of one member, which only a mongod can be. */
export function startMongoDBReplicaSet(): Promise<OwnMongoDB> {
  return firstThatAnswers<Started<OwnMongoDB>>('mongodbReplicaSet', mongodWays(['--replSet', 'threadkeep']))
}

/** Whether it is the original, of which more is expected than of what only speaks its protocol. */
export function isMongod({ version }: Pick<Backend, 'version'>): boolean {
  return version.startsWith('mongodb ')
}

type Started<T extends Backend = Backend> = Omit<T, 'origin'>
type Running = Pick<Backend, 'url' | 'stop'> & Partial<Pick<Backend, 'version'>>

async function fromDocker(): Promise<Running> {
  const { host, port, stop } = await startDockerService('mongodb', 27017)
  return { url: `mongodb://${host}:${port}`, stop }
}

function mongodWays(options: readonly string[]): Way<Started<OwnMongoDB>>[] {
  const ways = { docker: mongodInContainer, path: mongodOnPath, embedded: mongodFromNpm }
  return Object.entries(ways).map(([origin, run]) => [
    origin as BackendOrigin,
    async () => {
      const port = await freePort()
      const mongod = await run(port, options)
      const url = `mongodb://127.0.0.1:${port}`
      return options.length > 0 ? initiated({ ...mongod, url }) : identified({ ...mongod, url })
    },
  ])
}

async function ownFerretDB(isolated: boolean): Promise<Started<OwnMongoDB>> {
  const postgres = await startPostgres()
  try {
    const ferretdb = await startFerretDB(postgres.url, isolated)
    const stop = async () => {
      await ferretdb.stop()
      await postgres.stop()
    }
    return await identified({ ...ferretdb, stop }, isolated ? 'one command at a time' : 'without isolation')
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function initiated<T extends Running>(running: T): Promise<T & Started> {
  const { host } = new URL(running.url)
  const url = `${running.url}/?directConnection=true`
  const configuration = { _id: 'threadkeep', members: [{ _id: 0, host }] }
  await withMongo(url, (client) => client.db('admin').command({ replSetInitiate: configuration }))
  await until('the replica set has a primary', () =>
    withMongo(url, async (client) => (await client.db('admin').command({ hello: 1 })).isWritablePrimary === true),
  )
  return identified({ ...running, url: `${running.url}/?replicaSet=threadkeep` }, 'replica set of one')
}

/** What the server says about itself; a server that does not answer is stopped again. */
async function identified<T extends Running>(running: T, ...notes: string[]): Promise<T & Started> {
  try {
    const build = await withMongo(running.url, (client) => client.db('admin').command({ buildInfo: 1 }))
    const product = build.ferretdbVersion === undefined ? `mongodb ${build.version}` : 'ferretdb unknown'
    return { version: product, ...running, notes }
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function withMongo<T>(url: string, ask: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 30_000 })
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}
