import { describe, expect, it } from 'vitest'
import { attachmentCases } from './attachments/attachment-cases.ts'
import { levelOf, levelReached } from './levels.ts'
import { storeCases } from './store/store-cases.ts'

const cases = [
  { id: 'a/one' },
  { id: 'a/two' },
  { id: 'concurrency/one' },
  { id: 'c/one', level: 'clustered' },
] as const

describe('the level of a store', () => {
  it.each([
    ['clustered', 'when all passed', {}],
    ['concurrent', 'when a case of clusters failed', { 'c/one': { result: 'failed' } }],
    ['core', 'when a race failed', { 'concurrency/one': { result: 'failed' } }],
    ['core', 'when a race did not run', { 'concurrency/one': undefined }],
    ['core', 'when no race applies', { 'concurrency/one': { result: 'skipped' } }],
    [null, 'when a plain case failed', { 'a/two': { result: 'failed' } }],
    [null, 'when a plain case is a declared gap', { 'a/two': { result: 'skipped', gap: 'deleted-cursor' } }],
    ['clustered', 'when a plain case does not apply', { 'a/two': { result: 'skipped' } }],
  ])('is %s %s', (level, _, changed) => {
    const passed = Object.fromEntries(cases.map(({ id }) => [id, { result: 'passed' }]))
    const results = Object.entries({ ...passed, ...changed }).flatMap(([id, result]) =>
      result ? [[id, result] as const] : [],
    )
    expect(levelReached(cases, new Map(results))).toBe(level)
  })

  it('asks for concurrency of stores and of attachment stores', () => {
    for (const suite of [storeCases, attachmentCases]) {
      expect(new Set(suite.map((one) => levelOf(one)))).toEqual(new Set(['core', 'concurrent']))
    }
  })

  it('asks for concurrency in races outside of the group of that name as well', () => {
    const racing = [...storeCases, ...attachmentCases].filter((one) => levelOf(one) === 'concurrent')
    const elsewhere = racing.filter(({ id }) => !id.startsWith('concurrency/')).map(({ id }) => id)
    expect(elsewhere).toEqual(
      expect.arrayContaining(['lifecycle/setup-in-parallel', 'ledger/one-winner', 'write/one-winner']),
    )
  })
})
