/** What a list of samples comes to, in the unit of the samples. */
export interface Summary {
  readonly samples: number
  readonly p50: number
  readonly p95: number
  /** The lowest and the highest p50 of five stretches of the run: how far the figure itself is to be trusted. */
  readonly spread: readonly [number, number]
}

export function summarize(samples: readonly number[]): Summary {
  const stretches = Math.min(5, samples.length)
  const length = samples.length / stretches
  const medians = Array.from({ length: stretches }, (_, at) =>
    quantile(samples.slice(Math.floor(at * length), Math.floor((at + 1) * length)), 0.5),
  )
  return {
    samples: samples.length,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    spread: [Math.min(...medians), Math.max(...medians)],
  }
}

/** The sample below which that part of them lies, between two neighbours in proportion. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = part * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  if (below === undefined || above === undefined) throw new RangeError('there are no samples')
  return below + (above - below) * (at - Math.floor(at))
}
