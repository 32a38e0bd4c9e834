import { type BackendInfo, createDatabase } from '@threadkeep/backends'
import { PostgresStore } from '@threadkeep/store-postgres'
import { Client, Pool } from 'pg'
import { adapterSide } from './adapter-side.ts'
import { mastraPostgres } from './mastra.ts'
import { generateItem, generateThread } from './records.ts'
import { type Command, replaySides } from './replay.ts'
import type { StoreBench } from './store-bench.ts'
import { type StoreSide, tenant } from './store-side.ts'

/** Each side has a pool of its own, of ten connections. Nobody waits for the disk, or it alone would be measured. */
export async function openPostgres({ url, version }: BackendInfo, peers: boolean): Promise<StoreBench> {
  const database = await createDatabase(url)
  const name = new URL(database.url).pathname.slice(1)
  await withClient(database.url, (client) => client.query(`alter database ${name} set synchronous_commit = off`))
  const pools = Array.from({ length: 2 }, () => new Pool({ connectionString: database.url, max: 10 }))
  const own = new Pool({ connectionString: database.url, max: 10, options: '-c search_path=by_hand' })
  const [ours, bare] = pools as [Pool, Pool]
  const seen: Command[] = []
  const client = {
    query: (text: string, values?: unknown[]) => {
      seen.push([text, values])
      return ours.query(text, values)
    },
  }
  const recorded = new PostgresStore({ client, scope: (of: string) => of })
  await recorded.setup()
  const { sides, commands } = await replaySides(['bare', 'bare again'], adapterSide(recorded), seen, {
    send: ([text, values]) => bare.query(text as string, values as unknown[]),
    bodies: (reply) => (reply as { rows: { body?: string }[] }).rows.flatMap(({ body }) => body ?? []),
  })
  const adapter = adapterSide(new PostgresStore({ client: ours, scope: (of: string) => of }))
  const peer = peers ? await mastraPostgres(database.url) : undefined
  return {
    name: 'store-postgres',
    backend: version,
    peer: peer?.title,
    sides: [adapter, ...sides, await byHand(own), ...(peer ? [peer.side] : [])],
    commands,
    close: async () => {
      await peer?.side.close()
      await Promise.all([...pools, own].map((pool) => pool.end()))
      await withClient(database.url, untilAlone)
      await database.drop()
    },
  }
}

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** A pool has ended before the server has let go of its connections, which dropping the database would break. */
async function untilAlone(client: Client): Promise<void> {
  const others = `select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
  while ((await client.query(others)).rows.length > 0);
}

const schema = `create schema by_hand;
  create table threads (scope text, id text, position text collate "C", body text, primary key (scope, id));
  create index on threads (scope, position);
  create table items (
    scope text, thread_id text, id text, position text collate "C", body text, primary key (scope, thread_id, id),
    foreign key (scope, thread_id) references threads on delete cascade);
  create index on items (scope, thread_id, position)`

async function byHand(pool: Pool): Promise<StoreSide> {
  await pool.query(schema)
  const bodies = async (sql: string, values: readonly unknown[]) => {
    const { rows } = await pool.query<{ body: string }>(sql, [...values])
    return rows.map(({ body }) => JSON.parse(body) as unknown)
  }
  const addItem = (threadId: string, id: string) => {
    const item = generateItem(threadId, id)
    return pool.query(
      `insert into items values ($1, $2, $3, $4, $5)
       on conflict (scope, thread_id, id) do update set body = excluded.body`,
      [tenant, threadId, id, `${item.created_at}${nextNumber()}`, JSON.stringify(item)],
    )
  }
  const saveThread = (id: string, of = tenant) => {
    const thread = generateThread(id)
    return pool.query(
      'insert into threads values ($1, $2, $3, $4) on conflict (scope, id) do update set body = excluded.body',
      [of, id, `${thread.created_at}${nextNumber()}`, JSON.stringify(thread)],
    )
  }
  return {
    name: 'by hand',
    addItem,
    saveThread: (id) => saveThread(id),
    loadThread: (id) => bodies('select body from threads where scope = $1 and id = $2', [tenant, id]),
    listThreads: (of, limit) =>
      bodies('select body from threads where scope = $1 order by position desc limit $2', [of, limit + 1]),
    deleteThread: (id) => pool.query('delete from threads where scope = $1 and id = $2', [tenant, id]),
    lastItems: (threadId, limit) =>
      bodies('select body from items where scope = $1 and thread_id = $2 order by position desc limit $3', [
        tenant,
        threadId,
        limit + 1,
      ]),
    pageItems: (threadId, after, limit) =>
      bodies(
        `select body from items where scope = $1 and thread_id = $2 and position >
           (select position from items where scope = $1 and thread_id = $2 and id = $3) order by position limit $4`,
        [tenant, threadId, after, limit + 1],
      ),
    seed: async (threadId, count) => {
      await saveThread(threadId)
      await pool.query(
        `insert into items select $1, $2, at::text, lpad(at::text, 12, '0'), replace($3, 'marked', at::text)
         from generate_series(0, $4::int - 1) as at`,
        [tenant, threadId, JSON.stringify(generateItem(threadId, 'marked')), count],
      )
    },
    seedThreads: async (of, count) => {
      const body = JSON.stringify(generateThread('marked'))
      await pool.query(
        `insert into threads select $1, $1 || '-' || at, lpad(at::text, 12, '0'), replace($2, 'marked', $1 || '-' || at)
         from generate_series(0, $3::int - 1) as at`,
        [of, body, count],
      )
    },
    close: async () => {},
  }
}

let numbered = 0

function nextNumber(): string {
  return String(numbered++).padStart(12, '0')
}
