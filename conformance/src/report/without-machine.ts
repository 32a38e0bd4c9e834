import { hostname } from 'node:os'

const masks: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`<>)\]]+/gi, '<url>'],
  [/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])/g, '<address>'],
  [/(?<![\w:])localhost(?::\d+)?(?!\w)/g, '<address>'],
  [
    /(?<![\w:])(?=:*[\da-f])(?:[\da-f]{1,4}(?::[\da-f]{1,4})*)?::(?:[\da-f]{1,4}(?::[\da-f]{1,4})*)?(?![\w:])/gi,
    '<address>',
  ],
  [/(?<=\b(?:ENOTFOUND|EAI_AGAIN) )[\w.-]+/g, '<host>'],
  [/\b[a-z]:\\[^\s'"`<>)\]]+/gi, '<path>'],
  [/(?<![\w/.<])\/(?:[\w.@+~-]+\/)+[\w.@+~-]*/g, '<path>'],
]

/** A copy of plain data in whose texts URLs, addresses and paths are masked. */
export function withoutPlaces<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'string' ? masked(part) : part)))
}

/** The text with the name of this machine masked; not for texts that may hold that word for another reason. */
export function withoutHost(text: string): string {
  const [host = ''] = hostname().split('.')
  return /^[\w-]{3,}$/.test(host) ? text.replaceAll(new RegExp(`(?<![\\w-])${host}(?![\\w-])`, 'g'), '<host>') : text
}

function masked(text: string): string {
  return masks.reduce((rest, [pattern, mask]) => rest.replaceAll(pattern, mask), text)
}
