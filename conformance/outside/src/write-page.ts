import { readFileSync, writeFileSync } from 'node:fs'
import { pagePath, withFiles } from './page.ts'

writeFileSync(pagePath, withFiles(readFileSync(pagePath, 'utf8')))
