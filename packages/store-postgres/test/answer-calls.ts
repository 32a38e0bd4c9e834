import { StorageError } from '@threadkeep/core'
import { Pool } from 'pg'
import { PostgresStore } from '../src/index.ts'

// A process that uses a store as `kind` says. It is sent how many calls to make at once, and answers how each ended.
const [kind, url] = process.argv.slice(2)
const pool = new Pool({ connectionString: String(url) })
if (kind === 'pool with a listener') pool.on('error', () => {})
const source = kind === 'url' ? { url: String(url) } : { client: pool }
const store = new PostgresStore({ scope: () => 'tenant', ...source })

process.on('message', (count: number) => {
  void Promise.all(Array.from({ length: count }, outcome)).then((outcomes) => process.send?.(outcomes))
})

async function outcome(): Promise<string> {
  try {
    await store.loadThreads(20, null, 'desc', undefined)
    return 'answered'
  } catch (error) {
    return error instanceof StorageError && error.retryable ? error.code : String(error)
  }
}
