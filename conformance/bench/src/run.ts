import { cpus } from 'node:os'
import { type Backend, BackendUnavailable } from '@threadkeep/backends'
import { attachmentStores, stores } from './backends.ts'
import { type CpuFigure, measureCore, measureSigning } from './core-cost.ts'
import { type Extent, full, quick } from './extent.ts'
import { type FileReport, measureFiles } from './measure-files.ts'
import { measureStore, type StoreReport } from './measure-store.ts'
import { type MemoryFigure, measureMemory } from './memory.ts'
import type { BenchReport } from './report.ts'

export interface RunOptions {
  readonly mode: 'quick' | 'full'
  /** Names of packages; none: all. */
  readonly only: readonly string[]
  readonly peers: boolean
  /** Default: that of the mode. */
  readonly extent?: Extent
}

type Tell = (step: string) => void

/** Measures everything that can be had here. `progress` is told what comes next. */
export async function run({ mode, only, peers, ...options }: RunOptions, progress: Tell): Promise<BenchReport> {
  const extent = options.extent ?? { quick, full }[mode]
  const chosen = (name: string) => only.length === 0 || only.includes(name)
  const missing: string[] = []
  const storeReports: StoreReport[] = []
  for (const [name, { start, open }] of Object.entries(stores).filter(([name]) => chosen(name))) {
    progress(`${name}: starting its server`)
    await withBackend(start, missing, async (backend) => {
      const bench = await open(backend, peers)
      storeReports.push(await measureStore(bench, extent, progress))
      await bench.close()
    })
  }
  const files: FileReport[] = []
  const memory: MemoryFigure[] = []
  const signing: CpuFigure[] = []
  for (const [name, { start, open }] of Object.entries(attachmentStores).filter(([name]) => chosen(name))) {
    progress(`${name}: starting its server`)
    await withBackend(start, missing, async (backend) => {
      const bench = await open(backend)
      files.push(await measureFiles(bench, extent, progress))
      progress(`${name}: signing`)
      signing.push(...(await measureSigning(bench, extent.cpuCalls)))
      await bench.close()
      progress(`${name}: memory`)
      memory.push(...(await measureMemory({ name, backend, size: extent.largest })))
    })
  }
  progress('core')
  const core = await measureCore(extent.cpuCalls)
  return {
    date: new Date().toISOString(),
    mode,
    machine: machine(),
    extent,
    stores: storeReports,
    files,
    memory,
    core,
    signing,
    missing,
  }
}

async function withBackend(
  start: () => Promise<Backend>,
  missing: string[],
  use: (backend: Backend) => Promise<void>,
): Promise<void> {
  let backend: Backend
  try {
    backend = await start()
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error
    missing.push(`${error.backend}, of which no server could be had`)
    return
  }
  try {
    await use(backend)
  } finally {
    await backend.stop()
  }
}

function machine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim()}, Node ${process.version.slice(1)}`
}
