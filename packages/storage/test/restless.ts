/**
 * A driver whose calls each take a few turns more, before and after, so that calls of several processes meet in every
 * order. The same seed gives the same turns.
 */
export function restless<T extends object>(driver: T, seed: number): T {
  const random = randomOf(seed)
  const turns = async () => {
    for (let left = Math.floor(random() * 6); left > 0; left--) await Promise.resolve()
  }
  return new Proxy(driver, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        await turns()
        const result: unknown = await Reflect.apply(member, target, args)
        await turns()
        return result
      }
    },
  })
}

/** Numbers from 0 to 1 (mulberry32, in the public domain). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
