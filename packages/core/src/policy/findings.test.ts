import { expect, it } from 'vitest'
import { StorageError } from './errors.ts'
import { clockFinding, orUnreachable } from './findings.ts'

it.each([
  ['between question and answer', 1_500, 'ok', /agree/],
  ['a little off', 6_900, 'ok', /agree/],
  ['behind', 1_000 - 60_000, 'warning', /60000 ms behind/],
  ['ahead', 2_000 + 60_000, 'warning', /60000 ms ahead of/],
])('a clock that is %s', (_, server, level, message) => {
  expect(clockFinding(server, 1_000, 2_000)).toMatchObject({
    topic: 'clock',
    level,
    message: expect.stringMatching(message),
  })
})

it('a backend that does not answer is a finding, and any other fault an error', async () => {
  const late = Promise.reject(new StorageError('timeout', 'x'))
  expect(await orUnreachable(late)).toMatchObject([
    { topic: 'reachable', level: 'error', message: expect.stringMatching(/timeout/) },
  ])
  const closed = Promise.reject(new StorageError('configuration', 'x'))
  await expect(orUnreachable(closed)).rejects.toMatchObject({ code: 'configuration' })
})
