import type { Extent } from './extent.ts'
import { inFlight } from './in-flight.ts'
import type { StoreSide } from './store-side.ts'

/** One thing that a chat server does, to be measured on every side. */
export interface StoreWork {
  readonly title: string
  /** The method of a side, under which its commands are counted. */
  readonly method: Exclude<keyof StoreSide, 'name'>
  /** Items of the thread; absent where it has none to do with it. */
  readonly size?: number
  readonly inFlight: number
  readonly warmUp: number
  readonly samples: number
  prepare?(side: StoreSide, turns: number): Promise<void>
  run(side: StoreSide, turn: number): Promise<unknown>
}

/** Beside small threads, one would measure the growth of one: so there are many of them. */
const smallThreads = 100

function threadOf(side: StoreSide, size: number, turn: number): string {
  const own = side.name === 'bare again' || side.name === 'adapter' ? 'bare' : side.name
  return `${own}-${size}-${size < 1_000 ? turn % smallThreads : 0}`
}

/** Makes the threads that the work is done on. The bare client works on the adapter's. */
export async function seedThreads(side: StoreSide, { sizes, threads }: Extent): Promise<void> {
  for (const size of sizes) {
    const count = size < 1_000 ? smallThreads : 1
    await inFlight(8, count, (turn) => side.seed(threadOf(side, size, turn), size))
  }
  await side.seedThreads('many', threads)
}

export function storeWorks(extent: Extent): StoreWork[] {
  const { warmUp, samples, sizes, deleted, deletions } = extent
  const [smallest = 10] = sizes
  const each = (inFlight: number) => ({ inFlight, warmUp, samples })
  const atOnce = [1, 32]
  return [
    ...sizes.flatMap((size) =>
      atOnce.map((inFlight) => ({
        title: 'add an item',
        method: 'addItem' as const,
        size,
        ...each(inFlight),
        run: (side: StoreSide, turn: number) => side.addItem(threadOf(side, size, turn), newId(side, 'itm')),
      })),
    ),
    ...sizes.flatMap((size) =>
      atOnce.map((inFlight) => ({
        title: 'the last 50',
        method: 'lastItems' as const,
        size,
        ...each(inFlight),
        run: (side: StoreSide, turn: number) => side.lastItems(threadOf(side, size, turn), 50),
      })),
    ),
    ...sizes
      .filter((size) => size >= 1_000)
      .map((size) => ({
        title: '50 after a cursor in the middle',
        method: 'pageItems' as const,
        size,
        ...each(1),
        run: (side: StoreSide) => side.pageItems(threadOf(side, size, 0), String(size / 2 - 1), 50, size / 2),
      })),
    ...atOnce.map((inFlight) => ({
      title: 'load a thread',
      method: 'loadThread' as const,
      ...each(inFlight),
      run: (side: StoreSide, turn: number) => side.loadThread(threadOf(side, smallest, turn)),
    })),
    {
      title: 'save a thread',
      method: 'saveThread',
      ...each(1),
      run: (side, turn) => side.saveThread(threadOf(side, smallest, turn)),
    },
    {
      title: `20 threads of ${extent.threads.toLocaleString('en')}`,
      method: 'listThreads',
      ...each(1),
      run: (side) => side.listThreads('many', 20),
    },
    {
      title: 'delete a thread',
      method: 'deleteThread',
      size: deleted,
      inFlight: 1,
      warmUp: 0,
      samples: deletions,
      prepare: async (side, turns) => {
        for (let turn = 0; turn < turns; turn++) await side.seed(`${side.name}-gone-${turn}`, deleted)
      },
      run: (side, turn) => side.deleteThread(`${side.name}-gone-${turn}`),
    },
  ]
}

let ids = 0

function newId(side: StoreSide, prefix: string): string {
  return `${prefix}_${side.name.replace(' ', '-')}_${ids++}`
}
