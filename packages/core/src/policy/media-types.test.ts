import { describe, expect, test } from 'vitest'
import { checkAllowed, isInlineType, mediaType, safeType } from './media-types.ts'

describe('a media type', () => {
  test.each([
    ['image/png', 'image/png'],
    ['Image/PNG', 'image/png'],
    ['text/plain; charset=utf-8', 'text/plain'],
    ['application/vnd.ms-excel.sheet+xml', 'application/vnd.ms-excel.sheet+xml'],
    ['', 'application/octet-stream'],
    [undefined, 'application/octet-stream'],
    [null, 'application/octet-stream'],
  ])('%j is %s', (given, type) => {
    expect(mediaType(given)).toBe(type)
  })

  test.each(['image', 'image/', '/png', 'image/png/x', 'image/p ng', 'image/png\r\nx: y', 'ımage/png', 5, {}])(
    '%j is none',
    (given) => {
      expect(() => mediaType(given)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
    },
  )
})

describe('allowed types', () => {
  test.each([[undefined], [['image/png']], [['image/*']], [['IMAGE/PNG']], [['text/plain', 'image/*']], [['*/*']]])(
    '%j allow image/png',
    (allowed) => {
      expect(() => checkAllowed('image/png', allowed)).not.toThrow()
    },
  )

  test.each([[[]], [['image/jpeg']], [['image/']], [['im*']], [['*']], [['text/*']], [['image/pn']]])(
    '%j do not allow image/png',
    (allowed) => {
      expect(() => checkAllowed('image/png', allowed)).toThrow(expect.objectContaining({ code: 'unsupported_type' }))
    },
  )
})

describe('a download', () => {
  test.each([
    'text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/xml',
    'application/rss+xml',
    'text/xsl',
    'text/javascript',
    'application/ecmascript',
    'application/postscript',
    'application/x-shockwave-flash',
    'text/cache-manifest',
    'multipart/related',
    'multipart/x-mixed-replace',
  ])('of %s is neither served as such nor shown', (type) => {
    expect(safeType(type)).toBe('application/octet-stream')
    expect(isInlineType(type)).toBe(false)
  })

  test.each(['image/png', 'image/webp', 'video/mp4', 'application/pdf', 'text/plain'])('of %s may be shown', (type) => {
    expect(safeType(type)).toBe(type)
    expect(isInlineType(type)).toBe(true)
  })

  test.each([
    'application/zip',
    'text/css',
    'application/json',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ])('of %s keeps its type and is saved', (type) => {
    expect(safeType(type)).toBe(type)
    expect(isInlineType(type)).toBe(false)
  })
})
