import { StorageError } from '@threadkeep/core'
import { defaultTimeoutMs, type ErrorCode, guardErrors } from '@threadkeep/core/driver'
import type { Pool } from 'pg'

/** What a client must be able to do: `Pool` and `Client` of pg, PGlite, Neon and others fit. */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>
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
  const unguard = guardErrors(client)
  return {
    query: (text, values) => client.query(text, values),
    migrate: (text) => client.query(text, []),
    close: async () => unguard(),
  }
}

/** A pool of at most ten connections, opened at the first statement. Needs the package pg. */
class UrlConnection implements Connection {
  readonly #url: string
  readonly #timeoutMs: number
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

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined)
    await pool?.end()
  }

  async #run<T>(send: (pool: Pool) => Promise<T>): Promise<T> {
    this.#pool ??= createPool(this.#url, this.#timeoutMs)
    return send(await this.#pool)
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

/** A lost idle connection is no news: the next statement opens another, or says that it cannot. */
function survive(): void {}
