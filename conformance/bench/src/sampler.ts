import { performance } from 'node:perf_hooks'

/** One way to do the same work. */
export interface Side {
  readonly name: string
  /** `turn` counts this side's calls from 0, warm-up included. */
  run(turn: number): Promise<unknown>
}

/** Milliseconds, in the order they were taken. */
export type Samples = Readonly<Record<string, readonly number[]>>

/**
 * Takes `count` samples of each side after `warmUp` of each. The sides take turns, and every round begins with another
 * one, so that whatever else the machine does falls on all of them alike.
 */
export async function sample(sides: readonly Side[], warmUp: number, count: number): Promise<Samples> {
  const taken = Object.fromEntries(sides.map(({ name }) => [name, [] as number[]]))
  for (let turn = 0; turn < warmUp + count; turn++) {
    for (const side of rotated(sides, turn)) {
      const start = performance.now()
      await side.run(turn)
      const ended = performance.now()
      if (turn >= warmUp) taken[side.name]?.push(ended - start)
    }
  }
  return taken
}

/** As `sample`, with `inFlight` calls of a side at a time; a sample is what one call took of the time of its batch. */
export async function sampleBatches(
  sides: readonly Side[],
  inFlight: number,
  warmUp: number,
  count: number,
): Promise<Samples> {
  const batches = sides.map(({ name, run }) => ({
    name,
    run: (turn: number) => Promise.all(Array.from({ length: inFlight }, (_, at) => run(turn * inFlight + at))),
  }))
  const taken = await sample(batches, Math.ceil(warmUp / inFlight), Math.ceil(count / inFlight))
  return Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, list.map((time) => time / inFlight)]))
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}
