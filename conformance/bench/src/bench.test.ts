import { describeOn } from '@threadkeep/backends/vitest'
import { describe, expect, it } from 'vitest'
import type { Extent } from './extent.ts'
import { toMarkdown } from './markdown.ts'
import { measureStore } from './measure-store.ts'
import { openMongoDB } from './mongodb-sides.ts'
import { run } from './run.ts'

/** As little as goes through every step. */
const least: Extent = {
  warmUp: 1,
  samples: 2,
  patience: 10_000,
  sizes: [10, 1_000],
  threads: 30,
  deleted: 20,
  deletions: 1,
  files: [{ size: 1024, samples: 2 }],
  largest: 1024 * 1024,
  cpuCalls: 10,
}

describe('the benchmarks', () => {
  it('measure every store and attachment store on every side', { timeout: 240_000 }, async () => {
    const steps: string[] = []
    const report = await run({ mode: 'quick', only: [], peers: false, extent: least }, (step) => steps.push(step))
    expect(report.missing.filter((what) => !what.startsWith('mongodb'))).toEqual([])
    const [postgres, redis] = report.stores
    expect([postgres?.name, redis?.name]).toEqual(['store-postgres', 'store-redis'])
    for (const { figures } of [postgres, redis].filter((store) => store !== undefined)) {
      expect(figures).toHaveLength(14)
      for (const { sides, commands } of figures) {
        expect(Object.keys(sides)).toEqual(['adapter', 'bare', 'bare again', 'by hand'])
        expect(commands).toBe(1)
      }
    }
    expect(report.files.map(({ name }) => name)).toEqual([
      'attachments-disk',
      'attachments-s3',
      'attachments-gcs',
      'attachments-azure',
    ])
    for (const { figures } of report.files) expect(figures).toHaveLength(5)
    const page = toMarkdown(report, {})
    expect(page).toContain('| add an item | 1,000 | 32 | 1 |')
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    expect(steps.at(-1)).toBe('core')
  })
})

await describeOn('mongodb', (mongodb) => {
  it('measures the store on every side, with what speaks its protocol', { timeout: 240_000 }, async () => {
    const bench = await openMongoDB(mongodb, false)
    try {
      const { figures } = await measureStore(bench, least, () => {})
      for (const { sides } of figures) expect(Object.keys(sides)).toEqual(['adapter', 'bare', 'bare again', 'by hand'])
      const commands = figures.filter(({ inFlight }) => inFlight === 1).map((figure) => [figure.title, figure.commands])
      expect(Object.fromEntries(commands)).toEqual({
        'add an item': 2,
        'the last 50': 2,
        '50 after a cursor in the middle': 3,
        'load a thread': 1,
        'save a thread': 1,
        '20 threads of 30': 1,
        'delete a thread': 2,
      })
    } finally {
      await bench.close()
    }
  })
})
