import type { Attachment } from '@threadkeep/core'
import { expectSame } from '../expect-code.ts'
import { thread } from '../samples.ts'
import { messageWith } from './prepared.ts'
import type { StorageTrial } from './storage-case.ts'

/** Saves empty threads. */
export async function withThreads(
  { storage, context }: Pick<StorageTrial, 'storage' | 'context'>,
  ids: string[],
): Promise<void> {
  for (const id of ids) await storage.store.saveThread(thread(id), context)
}

/** A message with attachments. */
export function addMessage(
  { storage, context }: StorageTrial,
  threadId: string,
  id: string,
  files: Attachment[],
): Promise<void> {
  return storage.store.addThreadItem(threadId, messageWith(threadId, id, files), context)
}

/** The thread has exactly these messages. */
export async function expectMessages(
  { storage, context }: StorageTrial,
  threadId: string,
  ids: string[],
): Promise<void> {
  const { data } = await storage.store.loadThreadItems(threadId, null, 99, 'asc', context)
  expectSame(
    data.map((item) => item.id),
    ids,
    `the messages of ${threadId}`,
  )
}
