import type { Attachment, AttachmentCreateParams, ThreadMetadata, UserMessageItem } from '@threadkeep/core'
import { UrlSigner } from '@threadkeep/core/driver'
import { MemoryAttachmentStore, MemoryBlobDriver, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { expect } from 'vitest'
import { createStorage, type Storage, type StorageOptions } from '../src/index.ts'

/** Who acts in these tests: several users of one tenant. */
export interface Actor {
  readonly tenant: string
  readonly user: string
}

export const ann: Actor = { tenant: 'acme', user: 'ann' }
export const ben: Actor = { tenant: 'acme', user: 'ben' }
export const eve: Actor = { tenant: 'other', user: 'ann' }

/** What is behind a storage; several over the same memory are several processes. */
export interface Memory {
  readonly rows: MemoryStoreDriver
  readonly blobs: MemoryBlobDriver
}

export interface OpenStorage {
  readonly storage: Storage<Actor>
  readonly memory: MemoryStore<Actor>
  readonly files: MemoryAttachmentStore<Actor>
  /** Creates an attachment as a client does. */
  create(params?: Partial<AttachmentCreateParams>): Promise<Attachment>
  /** Sends bytes exactly as the descriptor says, whatever they are. */
  put(attachment: Attachment, bytes: string | Uint8Array<ArrayBuffer>): Promise<Response>
  /** Creates and uploads `hello`. */
  upload(params?: Partial<AttachmentCreateParams>): Promise<Attachment>
}

type Limits = { readonly maxBytes?: number; readonly allowedTypes?: readonly string[] }

export function newMemory(): Memory {
  const secret = 'a secret of more than thirty-two bytes'
  const signer = new UrlSigner({ baseUrl: 'http://files.test/files', secret })
  return { rows: new MemoryStoreDriver(), blobs: new MemoryBlobDriver(signer) }
}

/** A storage over the reference adapters. */
export function openStorage(
  options: Partial<StorageOptions<Actor>> = {},
  { rows, blobs }: Memory = newMemory(),
  limits: Limits = {},
): OpenStorage {
  const scope = (actor: Actor) => actor.tenant
  const memory = new MemoryStore({ scope, driver: rows })
  const files = new MemoryAttachmentStore({ scope, driver: blobs, ...limits })
  const storage = createStorage({ store: memory, attachments: files, actor: ({ user }) => user, ...options })
  const create = async (params: Partial<AttachmentCreateParams> = {}) => {
    const claims = { name: 'hello.txt', size: 5, mime_type: 'text/plain', ...params }
    const attachment = await storage.attachments.createAttachment(claims, ann)
    await storage.store.saveAttachment(attachment, ann)
    return attachment
  }
  const put = (attachment: Attachment, bytes: string | Uint8Array<ArrayBuffer>) => {
    const { url = '', method = 'PUT', headers = {} } = attachment.upload_descriptor ?? {}
    const length = String(Buffer.byteLength(bytes))
    return files.handler(new Request(url, { method, headers: { ...headers, 'content-length': length }, body: bytes }))
  }
  const upload = async (params: Partial<AttachmentCreateParams> = {}) => {
    const attachment = await create(params)
    await put(attachment, 'hello')
    return attachment
  }
  return { storage, memory, files, create, put, upload }
}

/** Sweeping options, as if it were so many hours from now. */
export function inHours(hours: number): { before: Date } {
  return { before: new Date(Date.now() + hours * 3_600_000) }
}

const created_at = '2026-01-01T00:00:00Z'

export function thread(id: string): ThreadMetadata {
  return { id, created_at, status: { type: 'active' }, metadata: {} }
}

export function message<A>(id: string, attachments: A[]): Omit<UserMessageItem, 'attachments'> & { attachments: A[] } {
  return { id, thread_id: 't1', type: 'user_message', created_at, content: [], attachments, inference_options: {} }
}

/** An error with this code. */
export function code(value: string): unknown {
  return expect.objectContaining({ code: value })
}
