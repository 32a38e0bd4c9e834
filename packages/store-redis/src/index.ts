import { checkId, checkPrefix, DriverStore, type StoreOptions } from '@threadkeep/core/driver'
import { connect, type RedisClient } from './redis-client.ts'
import { RedisDriver } from './redis-driver.ts'

export type { RedisClient }

export interface RedisStoreOptions<TContext> extends StoreOptions<TContext> {
  /** A `Redis` or a `Cluster` of ioredis; it is never closed. */
  client?: RedisClient
  /** `redis://` or `rediss://`, instead of a client; its connection is closed with the store. Needs the package ioredis. */
  url?: string
  /** What its keys begin with: names of `A-Z a-z 0-9 _ -` joined by `/`. Default `threadkeep`. */
  prefix?: string
}

/** Threads, items and attachment records in Redis 6.2 or later: one server, behind Sentinel, or a Cluster. */
export class RedisStore<TContext = unknown> extends DriverStore<TContext> {
  readonly #driver: RedisDriver
  constructor(options: RedisStoreOptions<TContext>) {
    const driver = new RedisDriver(connect(options), checkPrefix(options.prefix) || 'threadkeep')
    super(driver, options)
    this.#driver = driver
  }

  /** Notes these tenants in the index across tenants again, after its keys were lost; safe at any time. */
  async reindex(scopes: Iterable<string>): Promise<void> {
    for (const scope of scopes) await this.run('reindex', () => this.#driver.reindex(checkId('scope', scope)))
  }
}
