import { useSyncExternalStore } from 'react'

/** A state that tells who watches it when it changes. */
export abstract class Observable<S extends object> {
  #state: S
  readonly #listeners = new Set<() => void>()

  constructor(state: S) {
    this.#state = state
  }

  get state(): S {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  protected update(part: Partial<S>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener()
  }
}

export function useObserved<S extends object>(observable: Observable<S>): S {
  return useSyncExternalStore(observable.subscribe, () => observable.state)
}
