import { testStore } from '@threadkeep/conformance/vitest'
import { store } from './target.ts'

testStore('sqlite', store)
