import type { Redis } from 'ioredis'
import { withRedis } from './redis-client.ts'

/** A slot on its way from one master of a cluster to another, in the steps that Redis prescribes. */
export interface SlotMove {
  /** URL of the master that had the slot. */
  readonly from: string
  /** URL of the master that gets it. */
  readonly to: string
  /** Moves at most `count` keys of those still at `from`, and gives how many; 0 when there are none. */
  moveKeys(count: number): Promise<number>
  /** Moves the keys that are left, then makes `to` the owner. Clients learn it by asking `from`. */
  finish(): Promise<void>
}

/**
 * Begins to move a slot to the next master of the cluster: from now on a new key in it is written to the other one. The
 * cluster asks for no password.
 */
export async function reshard(clusterUrl: string, slot: number): Promise<SlotMove> {
  const [first = ''] = clusterUrl.split(',')
  const masters = await mastersOf(first)
  const owner = masters.findIndex((master) => master.slots.some(([start, end]) => start <= slot && slot <= end))
  const [from, to] = [masters[owner], masters[(owner + 1) % masters.length]]
  if (!from || !to || from === to) throw new Error(`slot ${slot} has no master that it could leave for another`)
  await withRedis(to.url, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id))
  await withRedis(from.url, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id))
  const moveKeys = (count: number) => withRedis(from.url, (client) => migrate(client, slot, count, new URL(to.url)))
  return {
    from: from.url,
    to: to.url,
    moveKeys,
    finish: async () => {
      while ((await moveKeys(1_000)) > 0);
      // The new owner first: until it knows, nobody else would take a write.
      for (const { url } of [to, from, ...masters.filter((master) => master !== to && master !== from)])
        await withRedis(url, (client) => client.call('CLUSTER', 'SETSLOT', slot, 'NODE', to.id))
    },
  }
}

interface Master {
  readonly id: string
  readonly url: string
  readonly slots: [start: number, end: number][]
}

/** In an order that stays, whoever has which slots. */
async function mastersOf(url: string): Promise<Master[]> {
  const rows = await withRedis(url, (client) => client.cluster('SLOTS'))
  const masters = new Map<string, Master>()
  for (const [start, end, master] of rows) {
    if (!master) throw new Error(`nobody has the slots from ${start} to ${end}`)
    const [host, port, id] = master
    const known = masters.get(id) ?? { id, url: `redis://${host}:${port}`, slots: [] }
    known.slots.push([start, end])
    masters.set(id, known)
  }
  return [...masters.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
}

async function migrate(client: Redis, slot: number, count: number, to: URL): Promise<number> {
  const keys = (await client.cluster('GETKEYSINSLOT', slot, count)) as string[]
  if (keys.length > 0) await client.call('MIGRATE', to.hostname, to.port, '', 0, 5_000, 'KEYS', ...keys)
  return keys.length
}
