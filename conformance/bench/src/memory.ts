import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { BackendInfo } from '@threadkeep/backends'

/** How much a process grew, at its highest, while one file went through it. */
export interface MemoryFigure {
  readonly name: string
  readonly side: string
  readonly title: string
  /** Of the file, in bytes. */
  readonly size: number
  /** Of resident memory, beyond what the process had before. */
  readonly grownBytes: number
  readonly seconds: number
}

/** What the other process is asked to do. */
export interface MemoryTask {
  readonly name: string
  readonly backend: BackendInfo
  readonly size: number
}

/** Each side writes and reads a file of `size` bytes, each in a process of its own. */
export async function measureMemory(task: MemoryTask): Promise<MemoryFigure[]> {
  const child = fork(new URL('memory-process.ts', import.meta.url), [JSON.stringify(task)])
  const answered = once(child, 'message')
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the process that measures the memory of ${task.name} ended with ${code}`)
  const [figures] = (await answered) as [MemoryFigure[]]
  return figures
}
