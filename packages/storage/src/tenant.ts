import { type AttachmentStore, StorageError, type Store } from '@threadkeep/core'
import { hasLedger, hasObjects, type Ledger, type Objects } from '@threadkeep/core/driver'

/** The second faces of a store and an attachment store, which must agree on who a context belongs to. @internal */
export interface Faces<TContext> {
  readonly ledger: Ledger<TContext>
  readonly objects: Objects<TContext>
}

/** Without a ledger or without objects a storage would be silently unsafe: `configuration`. @internal */
export function facesOf<TContext>(
  store: Store<TContext>,
  attachments: AttachmentStore<TContext>,
  ledger: Ledger<TContext> | undefined,
): Faces<TContext> {
  const found = ledger ?? (hasLedger<TContext>(store) ? store.ledger : undefined)
  if (!found) throw new StorageError('configuration', 'this store has no ledger: give createStorage the option ledger')
  if (hasObjects<TContext>(attachments)) return { ledger: found, objects: attachments.objects }
  throw new StorageError('configuration', 'this attachment store has no objects, so its uploads cannot be verified')
}

/**
 * The scope that both give a context; `configuration` when they differ, at each call, because a context may change.
 * @internal
 */
export function sharedScope<TContext>({ ledger, objects }: Faces<TContext>, context: TContext): string {
  const scope = ledger.scopeOf(context)
  if (objects.scopeOf(context) === scope) return scope
  throw new StorageError('configuration', 'store and attachment store give different scopes for one context')
}
