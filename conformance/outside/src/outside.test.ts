import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeCases } from '@threadkeep/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { follow, packAll } from './outside.ts'
import { pagePath, stepsOf } from './page.ts'

const folder = await mkdtemp(join(tmpdir(), 'threadkeep-outside-'))
const adapter = join(folder, 'store-sqlite')
let packages: Map<string, string[]>
let said: string[]

beforeAll(async () => {
  packages = await packAll(join(folder, 'packages'))
  said = await follow(stepsOf(await readFile(pagePath, 'utf8')), adapter, packages)
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['vitest', 'store-sqlite'],
  ['the command line', 'store-store-sqlite'],
])('who follows docs/add-an-adapter.md outside of the workspace passes every case, by %s', async (_, name) => {
  const report = JSON.parse(await readFile(join(adapter, `conformance-report/${name}.json`), 'utf8'))
  const results = report.cases.map(({ id, result }: { id: string; result: string }) => `${id} ${result}`)
  expect(results).toEqual(storeCases.map(({ id }) => `${id} passed`))
  expect(report).toMatchObject({ level: 'concurrent', faults: [], gaps: [] })
  expect(said.join('\n')).toMatch(new RegExp(`Tests .*${storeCases.length} passed`))
})

test('the types of the tarballs fit what the page has a reader write, tests and target included', async () => {
  const everything = JSON.stringify({ extends: './tsconfig.json', exclude: [] })
  const steps = [{ write: 'tsconfig.all.json', text: everything }, { run: 'npx tsc -p tsconfig.all.json --noEmit' }]
  await expect(follow(steps, adapter, packages)).resolves.toHaveLength(1)
})

test('what would be published is the built entry, its types, and no source or test', () => {
  const files = said.at(-1)?.match(/\b(?:dist|src)\/\S+/g)
  const names = ['index', 'schema', 'sqlite-driver'].flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`])
  expect(files?.toSorted()).toEqual(names)
})
