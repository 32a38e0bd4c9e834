import { expect, it } from 'vitest'
import { fewest, sample, sampleBatches } from './sampler.ts'

it('lets the sides take turns, in any order, and drops the warm-up', async () => {
  const told: string[] = []
  const side = (name: string) => ({ name, run: async (turn: number) => void told.push(`${name}${turn}`) })
  const taken = await sample([side('a'), side('b')], { warmUp: 1, samples: 2, patience: 60_000 })
  const rounds = [told.slice(0, 2), told.slice(2, 4), told.slice(4)]
  expect(rounds.map((round) => round.sort())).toEqual([0, 1, 2].map((turn) => [`a${turn}`, `b${turn}`]))
  expect([taken.a?.length, taken.b?.length]).toEqual([2, 2])
})

it('takes few samples of a side that is slow, and all of the others', async () => {
  const side = (name: string, ms: number) => ({ name, run: () => new Promise((done) => setTimeout(done, ms)) })
  const extent = { warmUp: 2, samples: 8, patience: 10 }
  const taken = await sample([side('slow', 11), { name: 'fast', run: async () => {} }], extent)
  expect([taken.slow?.length, taken.fast?.length]).toEqual([fewest, 8])
})

it('leaves out a side that has a fault and may have one, and ends at the fault of another', async () => {
  const extent = { warmUp: 1, samples: 2, patience: 60_000 }
  const faults: unknown[] = []
  const run = async (turn: number) => {
    if (turn === 1) throw new Error('too much')
  }
  const peer = { name: 'peer', run, onFault: (error: unknown) => void faults.push(error) }
  const own = { name: 'own', run: async () => {} }
  expect(Object.keys(await sample([peer, own], extent))).toEqual(['own'])
  expect(faults).toEqual([new Error('too much')])
  await expect(sample([{ name: 'own', run }], extent)).rejects.toThrow('too much')
})

it('keeps as many calls in flight as it is told, each with a turn of its own', async () => {
  const turns: number[] = []
  let [running, most] = [0, 0]
  const run = async (turn: number) => {
    turns.push(turn)
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
  }
  const taken = await sampleBatches([{ name: 'a', run }], 4, { warmUp: 4, samples: 8, patience: 60_000 })
  expect(turns.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at))
  expect([most, taken.a?.length]).toEqual([4, 2])
})
