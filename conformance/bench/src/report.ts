import type { CpuFigure } from './core-cost.ts'
import type { Extent } from './extent.ts'
import type { FileReport } from './measure-files.ts'
import type { StoreReport } from './measure-store.ts'
import type { MemoryFigure } from './memory.ts'

/** All that one run found, as it is written to JSON. */
export interface BenchReport {
  readonly date: string
  readonly mode: 'quick' | 'full'
  readonly machine: string
  readonly extent: Extent
  readonly stores: readonly StoreReport[]
  readonly files: readonly FileReport[]
  readonly memory: readonly MemoryFigure[]
  readonly core: readonly CpuFigure[]
  readonly signing: readonly CpuFigure[]
  /** What was not measured, and why. */
  readonly missing: readonly string[]
}
