import { writeFileSync } from 'node:fs'
import { mutantTable } from './mutant-table.ts'

writeFileSync(new URL('../../MUTANTS.md', import.meta.url), mutantTable())
