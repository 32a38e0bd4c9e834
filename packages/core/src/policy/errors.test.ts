import { describe, expect, it } from 'vitest'
import { AttachmentNotFoundError, isNotFoundError, NotFoundError, StorageError, storageError } from './errors.ts'

describe('isNotFoundError', () => {
  it.each([
    ['ours', new NotFoundError('x'), true],
    ['that of an attachment', new AttachmentNotFoundError('x'), true],
    ['one of another copy, by its code', Object.assign(new Error('x'), { code: 'not_found' }), true],
    ['one of the server SDK, by its name', Object.assign(new Error('x'), { name: 'NotFoundError' }), true],
    ['an outage', new StorageError('unavailable', 'x'), false],
    ['any error', new Error('NotFoundError'), false],
    ['no error', { code: 'not_found' }, false],
    ['nothing', undefined, false],
  ])('of %s', (_, error, expected) => {
    expect(isNotFoundError(error)).toBe(expected)
  })
})

describe('a storage error', () => {
  it('has the named kind of its code', () => {
    expect(storageError('not_found', 'x')).toMatchObject({ name: 'NotFoundError', code: 'not_found' })
    expect(storageError('unauthorized', 'x')).toMatchObject({ name: 'UnauthorizedError', code: 'unauthorized' })
    expect(storageError('internal', 'x')).toMatchObject({ name: 'InternalServerError', code: 'internal' })
    expect(storageError('conflict', 'x')).toMatchObject({ name: 'StorageError', code: 'conflict', message: 'x' })
  })

  it('may be tried again when the backend was not there, and only then', () => {
    expect(storageError('timeout', 'x').retryable).toBe(true)
    expect(storageError('unavailable', 'x').retryable).toBe(true)
    expect(storageError('conflict', 'x').retryable).toBe(false)
  })
})
