import { expect, test } from 'vitest'
import { BackendUnavailable } from './backend-unavailable.ts'
import { Absent, firstThatAnswers, type Way } from './first-that-answers.ts'

const absent: Way = ['docker', () => Promise.reject(new Absent('no container engine answers'))]
const cause = new RangeError('too far\naway')
const broken: Way = ['embedded', () => Promise.reject(new TypeError('no such\nfile', { cause }))]
const working: Way = ['path', async () => ({ url: 'x://', version: 'x 1', notes: ['loud'], stop: async () => {} })]

test('the first server that answers is taken', async () => {
  const found = await firstThatAnswers('x', [absent, broken, working])
  expect(found).toMatchObject({ url: 'x://', version: 'x 1', origin: 'path', notes: ['loud'] })
})

test('when none answers, the error names every way that was tried', async () => {
  const failure = await firstThatAnswers('x', [absent, broken]).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(BackendUnavailable)
  expect(failure).toMatchObject({
    backend: 'x',
    reasons: ['docker: no container engine answers', 'embedded: no such: too far'],
    message: 'no x to test against: docker: no container engine answers; embedded: no such: too far',
  })
})
