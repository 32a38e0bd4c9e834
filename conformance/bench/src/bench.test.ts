import { describe, expect, it } from 'vitest'
import type { Extent } from './extent.ts'
import { toMarkdown } from './markdown.ts'
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
    expect(report.missing.map((what) => what.split(':')[0])).toEqual(['store-mongodb'])
    expect(report.stores.map(({ name }) => name)).toEqual(['store-postgres', 'store-redis'])
    for (const { figures } of report.stores) {
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
