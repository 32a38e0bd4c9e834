import { testStore } from '../../src/vitest.ts'
import { store } from '../targets/not-set-up.ts'

testStore('not set up', store)
