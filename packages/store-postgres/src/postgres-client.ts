import { StorageError } from '@threadkeep/core'
import { defaultTimeoutMs, type ErrorCode } from '@threadkeep/core/driver'
import type { Pool } from 'pg'

/** What a client must be able to do: `Pool` and `Client` of pg, PGlite, Neon and others fit. */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>
}

/** A client that tells of lost connections by events, and ends the process when nobody listens. */
interface Emitter {
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

/** Where the driver sends its statements. */
export interface Connection {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>
  /** As `query`, and waits as long as it takes. */
  migrate(text: string): Promise<unknown>
  /** Lets go of the client; called once. */
  close(): Promise<void>
}

/** Borrows the client of the options, or opens their url. */
export function connect(options: { client?: PostgresClient; url?: string; timeoutMs?: number }): Connection {
  const { client, url, timeoutMs = defaultTimeoutMs } = options
  if (client && !url) return borrow(client)
  if (url && !client) return new UrlConnection(url, timeoutMs)
  throw new StorageError('configuration', 'PostgresStore needs either the option client or the option url')
}

/** Uses a client that somebody else closes. */
function borrow(client: PostgresClient): Connection {
  const unguard = guard(client)
  return {
    query: (text, values) => client.query(text, values),
    migrate: (text) => client.query(text, []),
    close: async () => unguard(),
  }
}

/** How many stores rely on our listener on a client. */
const guards = new WeakMap<object, number>()

/** A client without an error listener gets ours until the last store that borrowed it lets go. */
function guard(client: PostgresClient): () => void {
  if (!isEmitter(client)) return () => {}
  const others = guards.get(client) ?? 0
  if (others === 0 && client.listenerCount('error') > 0) return () => {}
  if (others === 0) client.on('error', survive)
  guards.set(client, others + 1)
  return () => {
    const left = (guards.get(client) ?? 1) - 1
    guards.set(client, left)
    if (left === 0) client.off('error', survive)
  }
}

/** A pool of at most ten connections, opened at the first statement. Needs the package pg. */
class UrlConnection implements Connection {
  readonly #url: string
  readonly #timeoutMs: number
  readonly #running = new Set<Promise<unknown>>()
  #pool: Promise<Pool> | undefined

  constructor(url: string, timeoutMs: number) {
    this.#url = url
    this.#timeoutMs = timeoutMs
  }

  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    return this.#run((pool) => pool.query(text, values))
  }

  migrate(text: string): Promise<unknown> {
    const unhurried = { text, query_timeout: 2 ** 31 - 1 }
    return this.#run((pool) => pool.query(unhurried))
  }

  /** A pool that is ended forgets the statements that wait for a connection: they would neither run nor fail. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running)
    const pool = await this.#pool?.catch(() => undefined)
    await pool?.end()
  }

  async #run<T>(send: (pool: Pool) => Promise<T>): Promise<T> {
    this.#pool ??= createPool(this.#url, this.#timeoutMs)
    const work = this.#pool.then(send)
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
  }
}

async function createPool(url: string, timeoutMs: number): Promise<Pool> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new StorageError('configuration', 'the option url needs the package pg: npm install pg', { cause })
  })
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'threadkeep',
    connectionTimeoutMillis: timeoutMs,
    // A server that is silently gone would keep its connections out of the pool for good.
    query_timeout: timeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
  })
  pool.on('error', survive)
  pool.on('connect', (client) => client.on('error', survive))
  return pool
}

/** The code of an error of a client: by its SQLSTATE or its code of Node, or else by its message. */
export function classify(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = code === '' ? messages : codes
  return known.find(([pattern]) => pattern.test(code || error.message))?.[1]
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const codes: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^23503$/, 'not_found'],
  [/^(42P01|42703|42501|3F000|3D000|28\w{3})$/, 'configuration'],
  [/^(ERR_INVALID_URL|ERR_TLS_\w+|ERR_SSL_\w+|UNABLE_TO_\w+|\w*CERT\w*)$/, 'configuration'],
  [/^57014$/, 'timeout'],
  [/^(08\w{3}|57P0\d|53\w{3}|40\w{3}|55P03|25006)$/, 'unavailable'],
  [/^(E(?!RR_)[A-Z_]{3,}|ERR_(SOCKET|STREAM)_\w+)$/, 'unavailable'],
  [/^54\w{3}$/, 'too_large'],
  [/^22\w{3}$/, 'invalid_argument'],
]

/** What clients say without a code. */
const messages: readonly (readonly [RegExp, ErrorCode])[] = [
  [/read timeout/i, 'timeout'],
  [/SASL|SSL/, 'configuration'],
  [/connect|terminated|closed|timeout|pool/i, 'unavailable'],
]

function isEmitter(client: object): client is PostgresClient & Emitter {
  return 'on' in client && 'off' in client && 'listenerCount' in client && typeof client.listenerCount === 'function'
}

/** A lost idle connection is no news: the next statement opens another, or says that it cannot. */
function survive(): void {}
