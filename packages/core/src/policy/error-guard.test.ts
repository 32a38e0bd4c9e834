import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { guardErrors } from './error-guard.ts'

it('a client without a listener gets one until the last that borrowed it lets go', () => {
  const client = new EventEmitter()
  const [first, second] = [guardErrors(client), guardErrors(client)]
  client.emit('error', new Error('connection lost'))
  first()
  expect(client.listenerCount('error')).toBe(1)
  second()
  expect(client.listenerCount('error')).toBe(0)
  guardErrors(client)()
  expect(client.listenerCount('error')).toBe(0)
})

it('a client with a listener keeps it, and one without events is left alone', () => {
  const client = new EventEmitter().on('error', () => {})
  guardErrors(client)()
  expect(client.listenerCount('error')).toBe(1)
  expect(guardErrors({ query: () => {} })()).toBeUndefined()
})
