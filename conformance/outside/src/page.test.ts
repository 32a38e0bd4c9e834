import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pagePath, withFiles } from './page.ts'

const page = readFileSync(pagePath, 'utf8')

test('docs/add-an-adapter.md shows the example as it is; `pnpm --filter @threadkeep/outside page` makes it so', () => {
  expect(withFiles(page)).toBe(page)
})

test('an excerpt that was changed by hand is told from the file', () => {
  expect(page).toContain('new SqliteDriver(options.path)')
  expect(withFiles(page.replace('new SqliteDriver(options.path)', 'new SqliteDriver()'))).toBe(page)
})
