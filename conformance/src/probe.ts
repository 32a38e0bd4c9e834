import { isNotFoundError } from '@threadkeep/core'
import type { AttachmentTarget } from './attachments/attachment-target.ts'
import { patienceMs } from './patience.ts'
import { inOneLine } from './report/in-words.ts'
import { randomName } from './samples.ts'
import type { StorageTarget } from './storage/storage-target.ts'
import type { StoreTarget } from './store/store-target.ts'
import type { SuiteContext } from './suite-context.ts'
import { withDeadline } from './with-deadline.ts'

interface Opened {
  ping(): Promise<void>
  close(): Promise<void>
}

/** Opens a store and reads a thread that is not there; rejects with one sentence when it does not answer. */
export async function probeStore(target: StoreTarget): Promise<void> {
  const store = await step('open()', async () => target.open({ scope: scopeOf }))
  await probe(store, 'loadThread of a missing thread', () => store.loadThread('t1', nobody()))
}

/** Opens an attachment store and asks for bytes that are not there; rejects with one sentence when it does not answer. */
export async function probeAttachmentStore(target: AttachmentTarget): Promise<void> {
  const store = await step('open()', async () => target.open({ scope: scopeOf }))
  await probe(store, 'headAttachment of a missing attachment', () => store.headAttachment('a1', nobody()))
}

/** The same for both. */
export async function probeStorage({ store, attachments }: StorageTarget): Promise<void> {
  await probeStore(store)
  await probeAttachmentStore(attachments)
}

async function probe(store: Opened, what: string, read: () => Promise<unknown>): Promise<void> {
  try {
    await step('ping()', () => store.ping())
    await step(what, () => read().catch(unlessNotFound))
  } finally {
    await step('close()', () => store.close())
  }
}

async function step<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await withDeadline(call(), patienceMs, 'it')
  } catch (cause) {
    const why = inOneLine(cause)
    throw new Error(`the target could not be opened: ${what}: ${why}; is it set up?`, { cause })
  }
}

function unlessNotFound(error: unknown): void {
  if (!isNotFoundError(error)) throw error
}

function scopeOf({ scope }: SuiteContext): string {
  return scope
}

function nobody(): SuiteContext {
  return { scope: `tenant-${randomName()}` }
}
