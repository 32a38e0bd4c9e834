import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { MemoryStore } from '@threadkeep/core/memory'
import { expect, test } from 'vitest'

/** Runs the first TypeScript example of a page and gives one of its variables. */
async function runExample(page: string, variable: string): Promise<unknown> {
  const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8')
  const example = /```ts\n([\s\S]+?)```/.exec(text)?.[1] ?? ''
  const source = stripTypeScriptTypes(`${example}\nexport { ${variable} }`)
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`)
  return module[variable]
}

test('the example of docs/observability.md counts calls by how they ended', async () => {
  const counts = await runExample('observability.md', 'counts')
  const store = new MemoryStore({ scope: (team: string) => team })
  await store.loadThreads(20, null, 'desc', 'red')
  await store.loadThreads(20, null, 'desc', 'blue')
  await store.close()
  await store.loadThread('thr_1', 'red').catch(() => {})
  expect(Object.fromEntries(counts as Map<string, number>)).toEqual({
    'memory loadThreads ok': 2,
    'memory loadThread configuration': 1,
  })
})
