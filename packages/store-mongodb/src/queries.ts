import type { Range, StoredRecord } from '@threadkeep/core/driver'
import { type Collections, goneLongAgo, type ItemDocument, no, type Rows } from './layout.ts'

/** How often an insertion may meet another one of the same key; each time, somebody else's came first. */
const mostMeetings = 10
/** How many tombstones are removed at once. */
const forgetAtOnce = 1_000

/** Inserts, or replaces the body of the document that has the key. */
export async function upsert(
  rows: Rows<unknown>,
  key: object,
  body: Pick<StoredRecord, 'body'>,
  first: object,
): Promise<void> {
  const change = { $set: body, $setOnInsert: first }
  for (let meeting = 1; ; meeting++) {
    try {
      await rows.updateOne(key, change, { upsert: true })
      return
    } catch (error) {
      // Of two that find nothing to replace one inserts, and the index refuses the other: now there is something.
      if (!isDuplicate(error) || meeting === mostMeetings) throw error
    }
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000
}

/** The rows of a list that are `live`, from the cursor on; `undefined` when the list has not had a row of its id. */
export async function findPage<T extends Pick<StoredRecord, 'position'>>(
  rows: Rows<T>,
  list: object,
  live: object,
  { after, limit, order }: Range,
  projection: object,
): Promise<T[] | undefined> {
  const filter: Record<string, unknown> = { ...list, ...live }
  if (after !== null) {
    // The row that is there, else the one that was deleted last.
    const options = { projection: { _id: 0, position: 1 }, sort: { gone: -1 } }
    const cursor = await rows.findOne({ ...list, id: after }, options)
    if (!cursor) return undefined
    filter.position = { [order === 'asc' ? '$gt' : '$lt']: cursor.position }
  }
  // A batch that could hold one more tells the server that none will be fetched.
  const options = { projection, sort: { position: order === 'asc' ? 1 : -1 }, limit, batchSize: limit + 1 }
  return rows.find(filter, options).toArray()
}

/** The next scopes that have a thread or an attachment; from one to the next, however many rows each has. */
export async function scopesAfter(
  { threads, attachments }: Collections,
  after: string,
  limit: number,
): Promise<string[]> {
  const options = { projection: { _id: 0, scope: 1 }, sort: { scope: 1 } }
  const sources = [
    async (scope: string) => (await threads.findOne({ scope: { $gt: scope }, gone: no }, options))?.scope,
    async (scope: string) => (await attachments.findOne({ scope: { $gt: scope } }, options))?.scope,
  ]
  const found: string[] = []
  let next = await Promise.all(sources.map((source) => source(after)))
  while (found.length < limit) {
    const [scope] = next.filter((one) => one !== undefined).sort(byBytes)
    if (scope === undefined) break
    found.push(scope)
    if (found.length < limit)
      next = await Promise.all(sources.map((source, at) => (next[at] === scope ? source(scope) : next[at])))
  }
  return found
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

/** Removes old tombstones of items. */
export async function forgetItems(
  { items }: Collections,
  life: Pick<ItemDocument, 'scope' | 'generation'>,
): Promise<void> {
  const options = { projection: { _id: 0, gone: 1 }, sort: { gone: 1 }, limit: forgetAtOnce }
  const old = await items.find({ ...life, gone: { $lt: goneLongAgo() } }, options).toArray()
  if (old.length > 0) await items.deleteMany({ ...life, gone: { $in: old.map(({ gone }) => gone) } })
}

/** Removes old tombstones of threads, after what may be left under them. */
export async function forgetThreads({ threads, items }: Collections, scope: string): Promise<void> {
  const options = { projection: { _id: 0, gone: 1, generation: 1 }, sort: { gone: 1 }, limit: forgetAtOnce }
  const old = await threads.find({ scope, gone: { $lt: goneLongAgo() } }, options).toArray()
  if (old.length === 0) return
  await items.deleteMany({ scope, generation: { $in: old.map(({ generation }) => generation) } })
  await threads.deleteMany({ scope, gone: { $in: old.map(({ gone }) => gone) } })
}
