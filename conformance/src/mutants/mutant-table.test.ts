import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mutantTable } from './mutant-table.ts'

it('MUTANTS.md lists the faulty stores as they are; make it anew with: pnpm --filter @threadkeep/conformance mutants', () => {
  expect(readFileSync(new URL('../../MUTANTS.md', import.meta.url), 'utf8')).toBe(mutantTable())
})
