import type { UserMessageItem } from '@threadkeep/core'
import { expect } from 'vitest'
import { ann, inHours, type Memory, openStorage } from './open-storage.ts'

const all = { after: null, limit: 99, order: 'asc' } as const

/** Sweeps as the next days would, in a process where nothing goes wrong. */
export async function sweepForDays(memory: Memory): Promise<void> {
  const { storage } = openStorage({}, memory)
  for (const hours of [2, 26, 27, 52, 53]) await storage.uploads.sweep(inHours(hours))
}

/**
 * Nothing is left that a sweep has to put right, and nothing that is shown is lost: every row is a usable attachment with
 * its bytes, all bytes have their row, and what a message shows can be loaded. Gives back the ids of the attachments.
 */
export async function expectSettled(memory: Memory): Promise<string[]> {
  const { rows, blobs } = memory
  const { storage, files } = openStorage({}, memory)
  const found = (await rows.listAttachments('acme', all)) ?? []
  const ids = found.map(({ attachmentId }) => attachmentId)
  for (const { state, threadId } of found) {
    expect(state).toMatch(/^\{"status":"complete"/)
    if (threadId !== null) expect(await rows.getThread({ scope: 'acme', threadId }), 'its thread').toBeDefined()
  }
  const keys = await blobs.list('acme/', { after: null, limit: 99 })
  expect(keys.map((key) => key.slice('acme/'.length)).sort(), 'bytes').toEqual(ids.sort())
  for (const { body } of (await rows.listThreads('acme', all)) ?? []) {
    const items = await storage.store.loadThreadItems(JSON.parse(body).id, null, 99, 'asc', ann)
    for (const { attachments } of items.data as UserMessageItem[]) {
      for (const { id } of attachments) {
        expect(await storage.store.loadAttachment(id, ann)).toMatchObject({ id })
        expect(await files.headAttachment(id, ann), 'the bytes of what is shown').toMatchObject({ size: 5 })
      }
    }
  }
  return ids
}
