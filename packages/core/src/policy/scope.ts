import { StorageError } from './errors.ts'
import { idFault } from './ids.ts'

/** Names the tenant of a context. Synchronous, without a fallback; it follows the rule of ids. */
export type ScopeOf<TContext> = (context: TContext) => string

/** The checked scope of a context. Throwing, empty, missing or not a string: `invalid_argument`. */
export function scopeOf<TContext>(scope: ScopeOf<TContext>, context: TContext): string {
  let value: unknown
  try {
    value = scope(context)
  } catch (cause) {
    throw new StorageError('invalid_argument', 'option scope threw for this context', { cause })
  }
  if (value instanceof Promise) {
    value.catch(() => {}) // its failure is no news: the promise itself is the mistake
    throw new StorageError('invalid_argument', 'option scope must return a string, not a promise')
  }
  const fault = idFault(value)
  if (fault)
    throw new StorageError('invalid_argument', `scope ${fault}: option scope must name the tenant of a context`)
  return value as string
}

/** Refuses options without a `scope`, when a store is made and not at the first call. */
export function checkScopeOption(scope: unknown): void {
  if (typeof scope === 'function') return
  throw new StorageError('invalid_argument', 'option scope is required: a function that names the tenant of a context')
}
