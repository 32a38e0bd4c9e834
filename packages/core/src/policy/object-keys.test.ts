import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPrefix, objectKey, scopePrefix } from './object-keys.ts'

const scopes = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })

describe('an object key', () => {
  test('is prefix, scope and id', () => {
    expect(objectKey('', 'tenant-1', 'atc_1')).toBe('tenant-1/atc_1')
    expect(objectKey('app', 'tenant-1', 'atc_1')).toBe('app/tenant-1/atc_1')
    expect(objectKey('app/', 'tenant-1', 'atc_1')).toBe('app/tenant-1/atc_1')
  })

  test('has nothing in it that a path or a URL could misread', () => {
    fc.assert(
      fc.property(scopes, (scope) => {
        expect(objectKey('', scope, 'atc_1')).toMatch(/^[a-z0-9_=~-]{1,200}\/atc_1$/)
      }),
    )
  })

  test('differs for every scope, also where case is folded', () => {
    fc.assert(
      fc.property(scopes, scopes, (one, other) => {
        fc.pre(one !== other)
        expect(scopePrefix('', one).toLowerCase()).not.toBe(scopePrefix('', other).toLowerCase())
      }),
    )
  })

  test.each([
    ['a/b', 'a=2fb/'],
    ['..', '=2e=2e/'],
    ['Ab', '=41b/'],
    ['=41b', '=3d41b/'],
    ['~', '=7e/'],
    ['é', '=c3=a9/'],
  ])('keeps the scope %j readable', (scope, prefix) => {
    expect(scopePrefix('', scope)).toBe(prefix)
  })

  test('has the digest of a long scope, which no other scope is encoded as', () => {
    expect(scopePrefix('', 'x'.repeat(200))).toBe(`${'x'.repeat(200)}/`)
    expect(scopePrefix('', 'x'.repeat(201))).toMatch(/^~[0-9a-f]{64}\/$/)
  })

  test('does not begin like those of a scope with a longer name', () => {
    expect(objectKey('', 'ab', 'atc_1').startsWith(scopePrefix('', 'a'))).toBe(false)
  })

  test.each(['', '../x', 'a/b', 'a.b', 'a b', 'ü', 'a\0', 'x'.repeat(129), 5, null, undefined])(
    'takes no id like %j',
    (id) => {
      expect(() => objectKey('', 'tenant', id)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
    },
  )
})

describe('a prefix', () => {
  test.each([undefined, '', 'app', 'app/', 'app/chat-1/Files_2/'])('may be %j', (prefix) => {
    expect(checkPrefix(prefix)).toBe(prefix ?? '')
  })

  test.each(['/', '/app', 'app//', 'a/../b', '..', 'a b', 'a=b', '~', 'ü', 5, null])('cannot be %j', (prefix) => {
    expect(() => checkPrefix(prefix)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })
})
