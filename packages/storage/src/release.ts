import { isNotFoundError, StorageError, type Store } from '@threadkeep/core'
import type { ItemKey } from '@threadkeep/core/driver'
import { settled } from './binding.ts'
import { hasAttachments } from './previews.ts'
import type { Rows } from './rows.ts'
import { stateOf } from './upload-state.ts'

/** The ids of a message's attachments; none for one that is not there. @internal */
export async function attachmentIdsOf<TContext>(
  store: Store<TContext>,
  { threadId, itemId }: ItemKey,
  context: TContext,
): Promise<string[]> {
  const item = await store.loadItem(threadId, itemId, context).catch(unlessAbsent)
  return item && hasAttachments(item) ? [...new Set(item.attachments.map(({ id }) => id))] : []
}

/** Makes a sweep look which messages still have the attachment, now that this one goes. @internal */
export async function release<TContext>(
  rows: Rows<TContext>,
  message: ItemKey,
  attachmentId: string,
  context: TContext,
): Promise<void> {
  const entry = await rows.findIfKnown(attachmentId, context).catch(unlessAbsent)
  const state = entry && stateOf(entry)
  if (entry?.threadId !== message.threadId || !state?.messages?.includes(message.itemId)) return
  const moved = await rows.move(entry, { state: { ...state, released: true }, due: settled() })
  if (!moved) await release(rows, message, attachmentId, context)
}

/** Deleted already, or an id that nothing can have. */
function unlessAbsent(error: unknown): undefined {
  if (isNotFoundError(error) || (error instanceof StorageError && error.code === 'invalid_argument')) return undefined
  throw error
}
