import type { Extent } from './extent.ts'
import { sample, sampleBatches } from './sampler.ts'
import type { StoreBench } from './store-bench.ts'
import { seedThreads, storeWorks } from './store-work.ts'
import { type Summary, summarize } from './summary.ts'

/** What one piece of work took on each side, in milliseconds. */
export interface StoreFigure {
  readonly title: string
  readonly size?: number
  readonly inFlight: number
  /** How many commands the adapter sends for it. */
  readonly commands: number
  readonly sides: Readonly<Record<string, Summary>>
  /** What the peer said that could not do it. */
  readonly fault?: string
}

export interface StoreReport {
  readonly name: string
  readonly backend: string
  readonly peer: string | undefined
  readonly figures: readonly StoreFigure[]
}

/** Measures all work on all sides. `progress` is told what comes next. */
export async function measureStore(
  bench: StoreBench,
  extent: Extent,
  progress: (step: string) => void,
): Promise<StoreReport> {
  for (const side of bench.sides) {
    if (side.name.startsWith('bare')) continue
    progress(`${bench.name}: filling threads, ${side.name}`)
    await seedThreads(side, extent)
  }
  const figures: StoreFigure[] = []
  for (const work of storeWorks(extent)) {
    const { title, method, size, inFlight, warmUp, samples } = work
    progress(`${bench.name}: ${[title, size, inFlight > 1 && `${inFlight} in flight`].filter(Boolean).join(', ')}`)
    for (const side of bench.sides) await work.prepare?.(side, warmUp + samples)
    let fault: string | undefined
    const onFault = (error: unknown) => {
      fault = error instanceof Error ? error.message : String(error)
    }
    const sides = bench.sides.map((side) => ({
      name: side.name,
      run: (turn: number) => work.run(side, turn),
      ...(side.name === 'peer' && { onFault }),
    }))
    const times = { warmUp, samples, patience: extent.patience }
    const taken = inFlight === 1 ? await sample(sides, times) : await sampleBatches(sides, inFlight, times)
    figures.push({
      title,
      ...(size !== undefined && { size }),
      inFlight,
      commands: bench.commands[method] ?? 0,
      sides: Object.fromEntries(Object.entries(taken).map(([name, list]) => [name, summarize(list)])),
      ...(fault !== undefined && { fault }),
    })
  }
  return { name: bench.name, backend: bench.backend, peer: bench.peer, figures }
}
