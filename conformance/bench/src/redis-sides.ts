import type { BackendInfo } from '@threadkeep/backends'
import { RedisStore } from '@threadkeep/store-redis'
import { Redis } from 'ioredis'
import { adapterSide } from './adapter-side.ts'
import { inFlight } from './in-flight.ts'
import { mastraRedis } from './mastra.ts'
import { generateItem, generateThread } from './records.ts'
import { type Command, replaySides } from './replay.ts'
import type { StoreBench } from './store-bench.ts'
import { type StoreSide, tenant } from './store-side.ts'

/** Each side has one connection of its own, to a server that nobody else uses. */
export async function openRedis({ url, version }: BackendInfo, peers: boolean): Promise<StoreBench> {
  const clients = Array.from({ length: 3 }, () => new Redis(url))
  const [ours, bare, own] = clients as [Redis, Redis, Redis]
  const scope = (of: string) => of
  const seen: Command[] = []
  const { sides, commands } = await replaySides(
    ['bare', 'bare again'],
    adapterSide(new RedisStore({ client: recording(bare, seen), scope })),
    seen,
    {
      send: ([name, ...args]) => (bare as unknown as Commands)[name as string]?.(...args) ?? Promise.reject(name),
      bodies: (reply) => strings(reply).map((row) => row.slice(row.indexOf(' ') + 1)),
    },
  )
  const adapter = adapterSide(new RedisStore({ client: ours, scope }))
  const peer = peers ? await mastraRedis(url) : undefined
  return {
    name: 'store-redis',
    backend: version,
    peer: peer?.title,
    sides: [adapter, ...sides, byHand(own), ...(peer ? [peer.side] : [])],
    commands,
    close: async () => {
      await peer?.side.close()
      for (const client of clients) client.disconnect()
    },
  }
}

type Commands = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The client, noting each command that the store sends. */
function recording(client: Redis, seen: Command[]): Redis {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const isCommand = name === 'call' || String(name).startsWith('threadkeep:')
      return (...args: unknown[]) => {
        if (isCommand) seen.push([name, ...args])
        return value.apply(target, args)
      }
    },
  })
}

/** The rows of a reply, `position body` each; of a page they are within a list. */
function strings(reply: unknown): string[] {
  if (Array.isArray(reply)) return reply.flatMap(strings)
  return typeof reply === 'string' ? [reply] : []
}

/** A hash of bodies and a sorted set of ids for each list; what belongs together goes in one pipeline. */
function byHand(client: Redis): StoreSide {
  const threads = (of: string) => [`hand:threads:${of}`, `hand:threads:${of}:order`] as const
  const items = (threadId: string) => [`hand:items:${threadId}`, `hand:items:${threadId}:order`] as const
  const put = ([bodies, order]: Keys, id: string, record: object) =>
    client.pipeline().hset(bodies, id, JSON.stringify(record)).zadd(order, Date.now(), id).exec()
  const read = async ([bodies]: Keys, ids: readonly string[]) =>
    ids.length === 0 ? [] : (await client.hmget(bodies, ...ids)).map((body) => JSON.parse(body ?? 'null') as unknown)
  const newest = async (keys: Keys, limit: number) => read(keys, await client.zrange(keys[1], 0, String(limit), 'REV'))
  return {
    name: 'by hand',
    saveThread: (id) => put(threads(tenant), id, generateThread(id)),
    loadThread: async (id) => JSON.parse((await client.hget(threads(tenant)[0], id)) ?? 'null') as unknown,
    listThreads: (of, limit) => newest(threads(of), limit),
    deleteThread: (id) => {
      const [bodies, order] = threads(tenant)
      return client
        .pipeline()
        .hdel(bodies, id)
        .zrem(order, id)
        .unlink(...items(id))
        .exec()
    },
    addItem: (threadId, id) => put(items(threadId), id, generateItem(threadId, id)),
    lastItems: (threadId, limit) => newest(items(threadId), limit),
    pageItems: async (threadId, after, limit) => {
      const keys = items(threadId)
      const rank = (await client.zrank(keys[1], after)) ?? 0
      return read(keys, await client.zrange(keys[1], String(rank + 1), String(rank + limit + 1)))
    },
    seed: async (threadId, count) => {
      await put(threads(tenant), threadId, generateThread(threadId))
      await inFlight(64, count, (at) => put(items(threadId), String(at), generateItem(threadId, String(at))))
    },
    seedThreads: (of, count) =>
      inFlight(64, count, (at) => put(threads(of), `${of}-${at}`, generateThread(`${of}-${at}`))),
    close: async () => {},
  }
}

type Keys = readonly [string, string]
