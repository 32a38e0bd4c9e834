import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkFileName, contentDisposition } from './file-names.ts'

/** Reads a header as RFC 6266 says; fails on anything its grammar does not allow. */
function parse(header: string): { disposition: string; plain: string; name: string } {
  const grammar =
    /^(inline|attachment); filename="([ !#-[\]-~]*)"; filename\*=UTF-8''((?:%[0-9A-F]{2}|[\w!#$&+.^`|~-])+)$/
  const [, disposition = '', plain = '', encoded = ''] = grammar.exec(header) ?? []
  return { disposition, plain, name: decodeURIComponent(encoded) }
}

const removed = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

describe('a Content-Disposition header', () => {
  test('gives back any name, without the characters that could forge it', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc
        .array(fc.constantFrom('"', '\\', '\r\n', ';', "'", '%', '\u202e', '\u200f', '/', '.', 'ü', '🦊', '*'))
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(names, fc.constantFrom('inline' as const, 'attachment' as const), (name, disposition) => {
        const parsed = parse(contentDisposition(disposition, name))
        expect(parsed.name).toBe(name.replaceAll(removed, '') || 'file')
        expect(parsed.disposition).toBe(disposition)
      }),
    )
  })

  test.each([
    ['report.pdf', 'report.pdf'],
    ['a "b".png', 'a _b_.png'],
    ['a\\b', 'a_b'],
    ['100%.txt', '100_.txt'],
    ['zähler.txt', 'z_hler.txt'],
    ['photo\u202Egnp.exe', 'photognp.exe'],
    ['a\r\nSet-Cookie: x=y', 'aSet-Cookie_ x=y'],
    ['\u202e', 'file'],
  ])('of %j has a plain name for old clients', (name, plain) => {
    expect(parse(contentDisposition('attachment', name)).plain).toBe(plain)
  })

  test('can be made of a name with half a character', () => {
    expect(parse(contentDisposition('attachment', 'a\ud800b')).name).toBe('a\ufffdb')
  })
})

describe('a file name', () => {
  test.each(['a', '..', '.', 'CON', '.hidden', '%2e%2e', 'a/b', '\u202e', 'x'.repeat(1024), '🦊'.repeat(256)])(
    'may be %j',
    (name) => {
      expect(checkFileName(name)).toBe(name)
    },
  )

  test.each(['', 'a\0', '\ud800', 'x'.repeat(1025), '🦊'.repeat(257), undefined, null, 5])('cannot be %j', (name) => {
    expect(() => checkFileName(name)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
  })
})
