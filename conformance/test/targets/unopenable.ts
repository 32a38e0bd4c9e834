import type { StoreTarget } from '../../src/index.ts'

/** Its backend is not there. */
export const store: StoreTarget = {
  open: async () => {
    throw new Error('connection refused')
  },
  close: async () => console.log('closed all the same'),
}
