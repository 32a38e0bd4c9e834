import { testStore } from '../../src/vitest.ts'
import { store } from '../targets/faulty.ts'

testStore('faulty & hand-written', store)
