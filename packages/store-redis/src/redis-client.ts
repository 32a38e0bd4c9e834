import { createHash } from 'node:crypto'
import { type Finding, StorageError } from '@threadkeep/core'
import { clockFinding, defaultTimeoutMs, type ErrorCode, guardErrors } from '@threadkeep/core/driver'
import type { Redis } from 'ioredis'
import { luaOf, type ScriptName, scripts } from './scripts.ts'

/** What a client must be able to do: `Redis` and `Cluster` of ioredis fit. */
export interface RedisClient {
  defineCommand(name: string, definition: { lua: string; numberOfKeys?: number }): void
  call(command: string, ...args: (string | number)[]): Promise<unknown>
  /** Of a `Cluster` the connections to its nodes. */
  nodes?(role: 'master'): RedisClient[]
  readonly options: object
}

type Argument = string | number
type Command = (...args: Argument[]) => Promise<unknown>

/** Where the driver sends its commands. */
export interface Connection {
  run(script: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** `command` in lowercase: ioredis 5 finds the keys of no other. */
  call(command: string, ...args: Argument[]): Promise<unknown>
  client(): Promise<RedisClient>
  /** Lets go of the client; called once. */
  close(): Promise<void>
}

/** Borrows the client of the options, or opens their url. */
export function connect(options: { client?: RedisClient; url?: string; timeoutMs?: number }): Connection {
  const { client, url, timeoutMs = defaultTimeoutMs } = options
  if (client && !url) return borrow(client)
  if (url && !client) return open(url, timeoutMs)
  throw new StorageError('configuration', 'RedisStore needs either the option client or the option url')
}

/** Uses a client that somebody else closes. */
function borrow(client: RedisClient): Connection {
  if ('scaleReads' in client.options && client.options.scaleReads !== 'master') {
    const why = 'a replica may not have what was just written'
    throw new StorageError('configuration', `the Cluster of RedisStore must have scaleReads: 'master', for ${why}`)
  }
  define(client)
  const unguard = guardErrors(client)
  return connection(
    async () => client,
    (error) => (client.nodes !== undefined && isRedirection(error) ? new Error(redirected, { cause: error }) : error),
    async () => unguard(),
  )
}

/** One connection, opened at the first command. Needs the package ioredis. */
function open(url: string, timeoutMs: number): Connection {
  // The error of a URL parser quotes the URL.
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new StorageError(
      'configuration',
      'the option url must be redis:// or rediss:// with host, port and what else',
    )
  let opened: Promise<Redis> | undefined
  let trouble: Error | undefined
  const client = async () => {
    opened ??= createClient(url, timeoutMs, (error) => {
      trouble = error
    })
    return await opened
  }
  // What a client says of commands that it gives up is only that it does.
  const cause = (error: unknown) => (isGivenUp(error) && trouble) || error
  return connection(client, cause, async () => {
    const redis = await opened?.catch(() => undefined)
    await redis?.quit().catch(() => redis.disconnect())
  })
}

function connection(
  client: () => Promise<RedisClient>,
  cause: (error: unknown) => unknown,
  close: () => Promise<void>,
): Connection {
  const send = async (command: (redis: RedisClient) => Promise<unknown>) => {
    try {
      return await command(await client())
    } catch (error) {
      throw cause(error)
    }
  }
  return {
    run: (script, keys, args) => send((redis) => commandOf(redis, names[script])(...keys, ...args)),
    call: (command, ...args) => send((redis) => redis.call(command, ...args)),
    client,
    close,
  }
}

/** `notice` is told what is wrong with the connection, and `undefined` when there is one again. */
async function createClient(
  url: string,
  timeoutMs: number,
  notice: (trouble: Error | undefined) => void,
): Promise<Redis> {
  const { Redis } = await import('ioredis').catch((cause: unknown) => {
    throw new StorageError('configuration', 'the option url needs the package ioredis: npm install ioredis', { cause })
  })
  const client = new Redis(url, {
    connectionName: 'threadkeep',
    connectTimeout: timeoutMs,
    // A server that is silently gone would keep its connection for good. Its calls end first, each with `timeout`.
    socketTimeout: timeoutMs + 100,
    keepAlive: timeoutMs,
    // What was sent and not answered is for the caller to repeat, who knows whether it still matters; with any other number
    // it would hang until the next connection is lost.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
    // After a failover the same name leads to another server.
    reconnectOnError: (error) => /READONLY/.test(error.message),
  })
  client.on('error', notice).on('ready', () => notice(undefined))
  return define(client)
}

/** A Cluster follows these, but not those of a pipeline whose commands ended in different ways. */
function isRedirection(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK) /.test(error.message)
}

function isGivenUp(error: unknown): boolean {
  return error instanceof Error && error.name === 'MaxRetriesPerRequestError'
}

/** The scripts as commands of the client, under names that neither others nor other versions of this package have. */
function define<T extends RedisClient>(client: T): T {
  for (const [script, name] of Object.entries(names) as [ScriptName, string][])
    if (!(name in client)) client.defineCommand(name, { lua: luaOf(script), numberOfKeys: scripts[script].keys })
  return client
}

const names = Object.fromEntries(
  Object.keys(scripts).map((name) => [name, `threadkeep:${name}:${hashOf(luaOf(name as ScriptName))}`]),
) as Record<ScriptName, string>

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function commandOf(client: RedisClient, name: string): Command {
  return (client as unknown as Record<string, Command>)[name]?.bind(client) as Command
}

/** The code of an error of Redis or of ioredis, by the words of its message. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const text = `${'code' in error ? error.code : ''} ${error.name} ${error.message}`
  return messages.find(([pattern]) => pattern.test(text))?.[1]
}

const redirected = 'Too many Cluster redirections'

/** https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors and the errors of ioredis. */
const messages: readonly (readonly [RegExp, ErrorCode])[] = [
  [new RegExp(redirected), 'unavailable'],
  [/\b(NOAUTH|WRONGPASS|NOPERM|WRONGTYPE|DENIED|MOVED|ASK)\b|invalid password|subscriber mode/, 'configuration'],
  [/\b(ERR_(TLS|SSL)_\w+|UNABLE_TO_\w+|\w*CERT\w*)\b/, 'configuration'],
  [/Command timed out/, 'timeout'],
  [/\b(LOADING|READONLY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|BUSY|NOREPLICAS|MISCONF|OOM|UNBLOCKED)\b/, 'unavailable'],
  [/\b(ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/, 'unavailable'],
  [/MaxRetriesPerRequest|ClusterAllFailed|connection (is )?close|writeable|Socket|number of clients/i, 'unavailable'],
  [/sentinels|startup nodes|Cluster (is|isn't) /i, 'unavailable'],
]

/** What `check()` says of each server that holds data. */
export async function survey(client: RedisClient): Promise<Finding[]> {
  // A Cluster knows its nodes when it is connected.
  await client.call('ping')
  const servers = client.nodes?.('master') ?? [client]
  return (await Promise.all(servers.map((server) => surveyServer(server, client.nodes !== undefined)))).flat()
}

async function surveyServer(server: RedisClient, isCluster: boolean): Promise<Finding[]> {
  const before = Date.now()
  const [seconds, micros] = (await server.call('time')) as string[]
  const clock = clockFinding(Number(seconds) * 1000 + Number(micros) / 1000, before, Date.now())
  const about = await infoOf(server, 'info')
  const cluster = about.cluster_enabled === '1' ? await infoOf(server, 'cluster', 'info') : {}
  return [
    ...versionFindings(about),
    roleFinding(about),
    ...clusterFindings(cluster, isCluster),
    persistenceFinding(about),
    evictionFinding(about),
    clock,
  ]
}

type Info = Readonly<Record<string, string>>

async function infoOf(server: RedisClient, command: string, ...args: string[]): Promise<Info> {
  const lines = String(await server.call(command, ...args)).split(/\r?\n/)
  return Object.fromEntries(lines.map((line) => line.split(':')).filter((pair) => pair.length === 2))
}

function versionFindings({ redis_version: version = '' }: Info): Finding[] {
  if (Number.parseFloat(version) >= 6.2) return []
  return [finding('version', 'error', `Redis ${version} is too old: it must be 6.2 or later`)]
}

function roleFinding({ redis_version: version, role, loading }: Info): Finding {
  if (role !== 'master') return finding('role', 'error', `Redis ${version} is a replica: connect to the primary`)
  if (loading === '1') return finding('reachable', 'warning', `Redis ${version} is still loading its data`)
  return finding('reachable', 'ok', `Redis ${version}`)
}

function clusterFindings({ cluster_state: state, cluster_slots_ok: slots }: Info, isCluster: boolean): Finding[] {
  if (state === undefined) return []
  if (!isCluster)
    return [finding('cluster', 'error', 'this is a node of a cluster: give a Cluster of ioredis as client')]
  if (state === 'ok') return [finding('cluster', 'ok', 'all slots are served')]
  return [finding('cluster', 'error', `the cluster is down, ${slots} of 16384 slots are served: bring its nodes back`)]
}

function persistenceFinding({ aof_enabled: log, aof_last_write_status: written, rdb_last_bgsave_status: saved }: Info) {
  if (written === 'err' || saved === 'err') {
    return finding('persistence', 'error', 'Redis cannot write to its disk: look at its log and make room')
  }
  if (log === '1') return finding('persistence', 'ok', 'the append-only file is on')
  return finding('persistence', 'warning', 'a crash loses everything since the last snapshot: set appendonly yes')
}

function evictionFinding({ maxmemory_policy: policy = 'noeviction' }: Info): Finding {
  if (!policy.startsWith('allkeys-')) return finding('eviction', 'ok', `full memory deletes no chats (${policy})`)
  return finding('eviction', 'warning', `full memory deletes chats: set maxmemory-policy noeviction, not ${policy}`)
}

function finding(topic: string, level: Finding['level'], message: string): Finding {
  return { topic, level, message }
}
