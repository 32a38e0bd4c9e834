import type { StoreDriver } from '@threadkeep/core/driver'

/** A driver with one fault, and the case that must notice it. */
export interface DriverMutant {
  readonly fault: string
  readonly caughtBy: string
  mutate(driver: StoreDriver): Partial<StoreDriver>
}

/** The subject with some of its methods replaced. */
export function withFault<T extends object>(subject: T, faulty: Partial<T>): T {
  return new Proxy(subject, {
    get(target, key) {
      const member: unknown = Reflect.get(faulty, key) ?? Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
