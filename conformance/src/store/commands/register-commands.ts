import { afterAll, describe, expect, it } from 'vitest'
import { type CommandCounts, type CommandTarget, countAmong, countFaults } from './command-counts.ts'

const allSizes = [10, 1_000, 50_000]
const timeout = 600_000

/** Makes the counting of each size a test of vitest, and their comparison another; sizes left out are skipped. */
export function registerCommands(name: string, target: CommandTarget): void {
  const { declared, sizes = [10, 1_000] } = target
  describe(`the commands that ${name} sends`, () => {
    const counts = new Map<number, CommandCounts>()
    for (const size of [...new Set([...allSizes, ...sizes])]) {
      it.skipIf(!sizes.includes(size))(`among ${size} rows are at most as many as declared`, { timeout }, async () => {
        const found = await countAmong(size, target)
        counts.set(size, found)
        expect(countFaults(new Map([[size, found]]), declared)).toEqual([])
      })
    }
    it('do not grow with what is stored', () => {
      expect(new Set(counts.keys())).toEqual(new Set(sizes))
      expect(countFaults(counts, declared)).toEqual([])
    })
    afterAll(() => target.close?.())
  })
}
