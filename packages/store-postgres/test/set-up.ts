import { once } from 'node:events'
import { PostgresStore } from '../src/index.ts'

// Connects, tells its parent, and calls setup() when the parent says so.
await using store = new PostgresStore({ scope: () => 'tenant', url: String(process.argv[2]) })
await store.ping()
process.send?.('ready')
await once(process, 'message')
await store.setup()
process.disconnect?.()
