import { expect, test } from 'vitest'
import { peekBody } from './peek-body.ts'

async function* chunks(told: number[], ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) {
    told.push(size)
    yield new Uint8Array(size)
  }
}

test.each([
  ['of no bytes', [], 10, true, []],
  ['of just as many bytes', [4, 6], 10, true, [4, 6]],
  ['of one byte more', [4, 7], 10, false, [4, 7]],
  ['of many more', [4, 7, 5, 5], 10, false, [4, 7]],
  ['with an empty chunk', [0, 4], 10, true, [0, 4]],
])('a body %s is read no further than needed, and comes whole', async (_, sizes, bytes, isShort, readAhead) => {
  const told: number[] = []
  const peeked = await peekBody(chunks(told, ...sizes), bytes)
  expect(peeked.isShort).toBe(isShort)
  expect(told).toEqual(readAhead)
  expect((await Array.fromAsync(peeked.body)).map(({ byteLength }) => byteLength)).toEqual(sizes)
})
