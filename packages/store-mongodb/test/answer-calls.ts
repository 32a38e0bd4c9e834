import { StorageError } from '@threadkeep/core'
import { MongoClient } from 'mongodb'
import { MongoDBStore } from '../src/index.ts'

// A process that uses a store as `kind` says. It is sent how many calls to make at once, and answers how each ended.
const [kind, url, database] = process.argv.slice(2)
const store = new MongoDBStore({ scope: () => 'tenant', ...source(), database: String(database) })

process.on('message', (count: number) => {
  void Promise.all(Array.from({ length: count }, outcome)).then((outcomes) => process.send?.(outcomes))
})

function source(): { url: string } | { client: MongoClient } {
  if (kind === 'url') return { url: String(url) }
  const client = new MongoClient(String(url))
  if (kind === 'client with a listener') client.on('error', () => {})
  return { client }
}

async function outcome(): Promise<string> {
  try {
    await store.loadThreads(20, null, 'desc', undefined)
    return 'answered'
  } catch (error) {
    return error instanceof StorageError && error.retryable ? error.code : String(error)
  }
}
