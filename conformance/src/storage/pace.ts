import { hasLedger, hasObjects } from '@threadkeep/core/driver'
import { replacing } from './replacing.ts'
import type { StorageTrial } from './storage-case.ts'

type Pair = Pick<StorageTrial, 'store' | 'attachments'>

/** Counts what one caller asks of its backends, so that another can begin while this one is about its n-th question. */
export class Pace {
  readonly #reached = Promise.withResolvers<void>()
  #left: number

  /** With 0 the other begins at once. */
  constructor(questions: number) {
    this.#left = questions
    this.#count(0)
  }

  /** Resolves at the n-th question, or when the caller has ended without asking so many. */
  get reached(): Promise<void> {
    return this.#reached.promise
  }

  end(): void {
    this.#reached.resolve()
  }

  /** The pair, of which each question that a storage asks is counted. */
  over({ store, attachments }: Pair): Pair {
    if (!hasLedger(store) || !hasObjects(attachments)) return { store, attachments }
    return {
      store: replacing(store, { ledger: this.#counting(store.ledger) }),
      attachments: replacing(attachments, { objects: this.#counting(attachments.objects) }),
    }
  }

  #counting<T extends object>(face: T): T {
    return new Proxy(face, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          const answer: unknown = Reflect.apply(member, target, args)
          if (answer instanceof Promise) this.#count(1)
          return answer
        }
      },
    })
  }

  #count(questions: number): void {
    this.#left -= questions
    if (this.#left <= 0) this.end()
  }
}
