/** The cases in an order of their own for each seed; without a seed as they are. */
export function inOrder<T>(cases: readonly T[], seed: number | null): T[] {
  const ordered = [...cases]
  if (seed === null) return ordered
  const random = generator(seed)
  for (let at = ordered.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ordered.push(...ordered.splice(other, 1))
  }
  return ordered
}

/** A whole number from 0 to 2³² - 1, or throws. */
export function toSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed < 2 ** 32) return seed
  throw new TypeError(`a seed is a whole number from 0 to ${2 ** 32 - 1}, not ${JSON.stringify(text)}`)
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
