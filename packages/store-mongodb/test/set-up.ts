import { once } from 'node:events'
import { MongoDBStore } from '../src/index.ts'

// Connects, tells its parent, and calls setup() when the parent says so.
const [url, database] = process.argv.slice(2)
const place = { url: String(url), database: String(database) }
await using store = new MongoDBStore({ scope: () => 'tenant', ...place, timeoutMs: 60_000 })
await store.ping()
process.send?.('ready')
await once(process, 'message')
await store.setup()
process.disconnect?.()
