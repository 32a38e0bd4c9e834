import { randomBytes } from 'node:crypto'
import type { Bucket } from './bucket.ts'

/** Creates an empty bucket with a random name. */
export async function createGcsBucket(url: string): Promise<Bucket> {
  const name = `threadkeep-test-${randomBytes(8).toString('hex')}`
  const buckets = new URL('/storage/v1/b', url).href
  await call('POST', `${buckets}?project=threadkeep`, { name })
  return { name, drop: () => drop(`${buckets}/${name}`) }
}

async function drop(bucket: string): Promise<void> {
  for (;;) {
    const { items = [] }: { items?: { name: string }[] } = JSON.parse(await call('GET', `${bucket}/o`))
    if (items.length === 0) break
    for (const { name } of items) await call('DELETE', `${bucket}/o/${encodeURIComponent(name)}`)
  }
  await call('DELETE', bucket)
}

async function call(method: string, url: string, body?: object): Promise<string> {
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(url, { method, ...json })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} gave ${response.status}: ${text}`)
  return text
}
