import type { Extent } from './extent.ts'
import type { FileBench } from './file-side.ts'
import { fileWorks } from './file-work.ts'
import { sample } from './sampler.ts'
import { type Summary, summarize } from './summary.ts'

/** What one piece of work took on each side, in milliseconds. */
export interface FileFigure {
  readonly title: string
  /** Of the file, in bytes. */
  readonly size: number
  readonly sides: Readonly<Record<string, Summary>>
}

export interface FileReport {
  readonly name: string
  readonly backend: string
  readonly figures: readonly FileFigure[]
}

/** Measures all work on all sides. `progress` is told what comes next. */
export async function measureFiles(
  bench: FileBench,
  { files, patience }: Extent,
  progress: (step: string) => void,
): Promise<FileReport> {
  const figures: FileFigure[] = []
  for (const { size, samples } of files) {
    for (const { title, run } of fileWorks(size)) {
      progress(`${bench.name}: ${title}, ${size} bytes`)
      const sides = bench.sides.map((side) => ({ name: side.name, run: (turn: number) => run(side, turn) }))
      const taken = await sample(sides, { warmUp: Math.min(5, samples - 1), samples, patience })
      const summaries = Object.entries(taken).map(([name, list]) => [name, summarize(list)])
      figures.push({ title, size, sides: Object.fromEntries(summaries) })
    }
  }
  return { name: bench.name, backend: bench.backend, figures }
}
