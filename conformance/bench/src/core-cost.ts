import { MemoryStore } from '@threadkeep/core/memory'
import { adapterSide } from './adapter-side.ts'
import type { FileBench } from './file-side.ts'
import type { StoreSide } from './store-side.ts'
import { quantile } from './summary.ts'

/** What our own code costs the processor, in microseconds, without a server. */
export interface CpuFigure {
  readonly title: string
  readonly micros: number
}

/** On the memory driver: what is measured is the rules, the serialising and the parsing. */
export async function measureCore(calls: number): Promise<CpuFigure[]> {
  const side = adapterSide(new MemoryStore({ scope: (of: string) => of }))
  await side.seed('thread', 1_000)
  const works: readonly (readonly [string, (side: StoreSide, turn: number) => Promise<unknown>])[] = [
    ['add an item again', ({ addItem }, turn) => addItem('thread', String(turn % 1_000))],
    ['load a thread', ({ loadThread }) => loadThread('thread')],
    ['the last 50 of 1,000', ({ lastItems }) => lastItems('thread', 50)],
    ['save a thread', ({ saveThread }) => saveThread('thread')],
  ]
  const figures: CpuFigure[] = []
  for (const [title, run] of works) figures.push({ title, micros: await cpuOf(calls, (turn) => run(side, turn)) })
  return figures
}

/** What the signature of an upload takes, ours and by the client alone; nothing is sent for it. */
export async function measureSigning({ name, sides }: FileBench, calls: number): Promise<CpuFigure[]> {
  const figures: CpuFigure[] = []
  for (const side of sides) {
    if (side.name === 'bare again') continue
    const title = side.name === 'adapter' ? name : `${name}, ${side.name}`
    figures.push({ title, micros: await cpuOf(calls, (turn) => side.sign(String(turn), 1024)) })
  }
  return figures
}

/** The median of five rounds, after one that does not count. */
async function cpuOf(calls: number, run: (turn: number) => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 6; round++) {
    const start = process.cpuUsage()
    for (let turn = 0; turn < calls; turn++) await run(turn)
    const { user, system } = process.cpuUsage(start)
    if (round > 0) rounds.push((user + system) / calls)
  }
  return quantile(rounds, 0.5)
}
