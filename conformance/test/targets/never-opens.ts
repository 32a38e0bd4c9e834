import type { StoreTarget } from '../../src/index.ts'

/** Waits for its backend; says so, and when it is closed. */
export const store: StoreTarget = {
  open: () => {
    console.log('opening')
    return new Promise(() => {})
  },
  close: async () => console.log('closed'),
}
