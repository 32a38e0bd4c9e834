import { performance } from 'node:perf_hooks'

/** One way to do the same work. */
export interface Side {
  readonly name: string
  /** `turn` counts this side's calls from 0, warm-up included. */
  run(turn: number): Promise<unknown>
  /** Told of a fault, after which the side gives no samples; without it a fault ends the run. */
  onFault?(error: unknown): void
}

/** Milliseconds, in the order they were taken. */
export type Samples = Readonly<Record<string, readonly number[]>>

export interface SampleExtent {
  readonly warmUp: number
  readonly samples: number
  /** A side that took so many milliseconds in all gives no more than `fewest` samples. */
  readonly patience: number
}

/** What is taken of a side however slow it is. */
export const fewest = 5

/**
 * Takes samples of each side after a warm-up of each. The sides take turns, in every round in another order: whatever
 * else the machine does falls on all of them alike, and so does what a side leaves to the next, such as cold caches.
 */
export async function sample(sides: readonly Side[], { warmUp, samples, patience }: SampleExtent): Promise<Samples> {
  const states = new Set(sides.map((side) => ({ side, spent: 0, taken: [] as number[] })))
  for (let turn = 0; turn < warmUp + samples; turn++) {
    for (const state of shuffled(states)) {
      const isSlow = state.spent > patience
      if (isSlow && (turn < warmUp || state.taken.length >= fewest)) continue
      const took = await timeOf(state.side, turn)
      if (took === undefined) states.delete(state)
      else state.spent += took
      if (took !== undefined && turn >= warmUp) state.taken.push(took)
    }
  }
  return Object.fromEntries([...states].map(({ side, taken }) => [side.name, taken]))
}

/** In milliseconds; `undefined` when the side has a fault, and told of it. */
async function timeOf(side: Side, turn: number): Promise<number | undefined> {
  const start = performance.now()
  try {
    await side.run(turn)
    return performance.now() - start
  } catch (error) {
    if (!side.onFault) throw error
    side.onFault(error)
    return undefined
  }
}

/** As `sample`, with `inFlight` calls of a side at a time; a sample is what one call took of the time of its batch. */
export async function sampleBatches(
  sides: readonly Side[],
  inFlight: number,
  { warmUp, samples, patience }: SampleExtent,
): Promise<Samples> {
  const batches = sides.map(({ run, ...side }) => ({
    ...side,
    run: (turn: number) => Promise.all(Array.from({ length: inFlight }, (_, at) => run(turn * inFlight + at))),
  }))
  const each = (count: number) => Math.ceil(count / inFlight)
  const taken = await sample(batches, { warmUp: each(warmUp), samples: each(samples), patience })
  return Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, list.map((time) => time / inFlight)]))
}

function shuffled<T>(list: Iterable<T>): T[] {
  const keyed = Array.from(list, (value) => ({ value, key: Math.random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
}
