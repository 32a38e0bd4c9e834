import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { BackendInfo } from '@threadkeep/backends'
import type { FileSide } from './file-side.ts'

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
  readonly side: FileSide['name']
  readonly backend: BackendInfo
  readonly size: number
}

/** Each of two sides writes and reads a file of `size` bytes, in a process of its own. */
export async function measureMemory(task: Omit<MemoryTask, 'side'>): Promise<MemoryFigure[]> {
  return [...(await measureSide({ ...task, side: 'adapter' })), ...(await measureSide({ ...task, side: 'bare' }))]
}

async function measureSide(task: MemoryTask): Promise<MemoryFigure[]> {
  const child = fork(new URL('memory-process.ts', import.meta.url), [JSON.stringify(task)])
  const answered = once(child, 'message')
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the process that measures the memory of ${task.name} ended with ${code}`)
  const [figures] = (await answered) as [MemoryFigure[]]
  return figures
}
