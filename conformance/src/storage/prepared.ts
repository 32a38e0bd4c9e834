import assert from 'node:assert/strict'
import { type Attachment, type AttachmentCreateParams, isNotFoundError, type UserMessageItem } from '@threadkeep/core'
import { hasLedger, type LedgerEntry } from '@threadkeep/core/driver'
import type { UploadRecord } from '@threadkeep/storage'
import { bytesOf } from '../attachments/bytes.ts'
import { expectAccepted } from '../attachments/http.ts'
import type { StorageTrial } from './storage-case.ts'

/** The bytes that the claims of `created` announce. */
export const hello: Uint8Array<ArrayBuffer> = bytesOf('hello')

type Uploader = Pick<StorageTrial, 'storage' | 'context' | 'upload'>

/** An attachment as a chat server creates it for a client, which announces `hello` as text. */
export async function created(
  { storage, context }: Omit<Uploader, 'upload'>,
  claims: Partial<AttachmentCreateParams> = {},
): Promise<Attachment> {
  const params = { name: 'plan.txt', size: hello.byteLength, mime_type: 'text/plain', ...claims }
  const attachment = await storage.attachments.createAttachment(params, context)
  await storage.store.saveAttachment(attachment, context)
  return attachment
}

/** The same with its bytes, which nobody has looked at yet. */
export async function uploaded(trial: Uploader, claims: Partial<AttachmentCreateParams> = {}): Promise<Attachment> {
  const attachment = await created(trial, claims)
  expectAccepted(await trial.upload(attachment, hello))
  return attachment
}

/** The same, completed by its uploader. */
export async function completed(trial: Uploader, claims: Partial<AttachmentCreateParams> = {}): Promise<Attachment> {
  const attachment = await uploaded(trial, claims)
  await trial.storage.uploads.complete(attachment.id, trial.context)
  return attachment
}

/** A user's message with attachments. */
export function messageWith(thread_id: string, id: string, attachments: Attachment[]): UserMessageItem {
  const content = [{ type: 'input_text' as const, text: `text of ${id}` }]
  const created_at = '2026-01-01T12:00:00Z'
  return { type: 'user_message', id, thread_id, created_at, content, attachments, inference_options: {} }
}

export async function expectStatus(
  { storage, context }: Pick<StorageTrial, 'storage' | 'context'>,
  id: string,
  status: UploadRecord['status'],
): Promise<void> {
  assert.equal((await storage.uploads.load(id, context)).status, status, 'the status')
}

/** What is known of the upload; `undefined` when it is not there any more. */
export async function loadIfThere(
  { storage, context }: Pick<StorageTrial, 'storage' | 'context'>,
  id: string,
): Promise<UploadRecord | undefined> {
  return storage.uploads.load(id, context).catch((error: unknown) => {
    if (isNotFoundError(error)) return undefined
    throw error
  })
}

/** Whether bytes are stored under the id. */
export async function hasBytes(
  { attachments, context }: Pick<StorageTrial, 'attachments' | 'context'>,
  id: string,
): Promise<boolean> {
  return (await attachments.headAttachment(id, context)) !== undefined
}

/** The row behind the attachment, hidden or not. */
export async function rowOf(
  { store, context }: Pick<StorageTrial, 'store' | 'context'>,
  id: string,
): Promise<LedgerEntry | undefined> {
  assert.ok(hasLedger<unknown>(store), 'this store has no ledger')
  return store.ledger.getAttachment(context.scope, id)
}
