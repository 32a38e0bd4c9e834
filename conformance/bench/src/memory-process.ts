import { openFiles } from './backends.ts'
import { fileWorks } from './file-work.ts'
import type { MemoryFigure, MemoryTask } from './memory.ts'

const { name, side: sideName, backend, size }: MemoryTask = JSON.parse(String(process.argv[2]))
const bench = await openFiles(name, backend)
const figures: MemoryFigure[] = []
const transfers = (bytes: number) => fileWorks(bytes).filter(({ title }) => /^(upload|write|read a)/.test(title))
const side = bench.sides.find((each) => each.name === sideName)
if (!side) throw new Error(`${name} has no side ${sideName}`)
// What a process needs once is no growth.
for (const { run } of transfers(size / 32)) await run(side, 0)
for (const { title, run } of transfers(size)) {
  const before = process.memoryUsage.rss()
  let highest = before
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss())
  }, 10)
  const start = performance.now()
  await run(side, 0)
  clearInterval(watch)
  const seconds = (performance.now() - start) / 1000
  figures.push({ name, side: side.name, title, size, grownBytes: highest - before, seconds })
}
await bench.close()
process.send?.(figures)
process.disconnect?.()
