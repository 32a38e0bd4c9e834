import type { MongoDBClient } from '../src/index.ts'

/** Work that goes on by one command each time it is told to. */
export interface Stepped<T> {
  /** Lets the next command go; resolves when it is answered and the work waits with another one, or has ended. */
  step(): Promise<void>
  /** Set when the work has ended. */
  readonly result: { readonly value: T } | undefined
}

/** Starts work with a client like `client` whose commands wait; resolves when the first of them does. */
export async function stepped<T>(
  client: MongoDBClient,
  work: (client: MongoDBClient) => Promise<T>,
): Promise<Stepped<T>> {
  let waiting = () => {}
  let arrived = Promise.withResolvers<void>()
  let result: { value: T } | undefined
  const turn = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting = resolve
    arrived.resolve()
    await promise
  }
  work(before(client, turn)).then((value) => {
    result = { value }
    arrived.resolve()
  }, arrived.reject)
  await arrived.promise
  return {
    step: async () => {
      arrived = Promise.withResolvers()
      waiting()
      await arrived.promise
    },
    get result() {
      return result
    },
  }
}

const commands = ['findOne', 'findOneAndUpdate', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'toArray']
const places = ['db', 'collection', 'find']

/** The same object, and whatever leads on from it, with `turn` before every command. */
function before<T extends object>(target: T, turn: () => Promise<void>): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (places.includes(String(name))) return (...args: unknown[]) => before(member.apply(target, args), turn)
      if (!commands.includes(String(name))) return member.bind(target)
      return async (...args: unknown[]) => {
        await turn()
        return member.apply(target, args)
      }
    },
  })
}
