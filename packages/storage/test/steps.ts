/** What happens at one call of a backend; `go` makes the call. */
export type AtStep = (step: number, go: () => Promise<unknown>) => Promise<unknown>

/** Drivers whose calls are counted together, from 1, so that a test can do something at any of them. */
export class Steps {
  count = 0
  readonly #at: AtStep

  constructor(at: AtStep = (_, go) => go()) {
    this.#at = at
  }

  over<T extends object>(driver: T): T {
    return new Proxy(driver, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => {
          this.count += 1
          return this.#at(this.count, async () => Reflect.apply(member, target, args))
        }
      },
    })
  }
}
