import { expect, it } from 'vitest'
import { withDeadline } from './with-deadline.ts'

it('what never ends is a failure that says for how long it was awaited', async () => {
  const never = new Promise(() => {})
  await expect(withDeadline(never, 20, 'the case')).rejects.toThrow('the case did not end within 0.02 seconds')
})

it('what ends in time is given through, result or error', async () => {
  expect(await withDeadline(Promise.resolve(7), 1_000, 'it')).toBe(7)
  await expect(withDeadline(Promise.reject(new Error('its own')), 1_000, 'it')).rejects.toThrow('its own')
})
