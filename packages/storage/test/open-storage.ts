import type { Attachment, AttachmentCreateParams } from '@threadkeep/core'
import { MemoryAttachmentStore, MemoryStore } from '@threadkeep/core/memory'
import { createStorage, type Storage, type StorageOptions } from '../src/index.ts'

/** Who acts in these tests: several users of one tenant. */
export interface Actor {
  readonly tenant: string
  readonly user: string
}

export const ann: Actor = { tenant: 'acme', user: 'ann' }
export const ben: Actor = { tenant: 'acme', user: 'ben' }
export const eve: Actor = { tenant: 'other', user: 'ann' }

export interface OpenStorage {
  readonly storage: Storage<Actor>
  readonly memory: MemoryStore<Actor>
  readonly files: MemoryAttachmentStore<Actor>
  /** Creates an attachment as a client does. */
  create(params?: Partial<AttachmentCreateParams>): Promise<Attachment>
  /** Sends bytes exactly as the descriptor says, whatever they are. */
  put(attachment: Attachment, bytes: string): Promise<Response>
  /** Creates and uploads `hello`. */
  upload(params?: Partial<AttachmentCreateParams>): Promise<Attachment>
}

/** A storage over the reference adapters. */
export function openStorage(options: Partial<StorageOptions<Actor>> = {}): OpenStorage {
  const scope = (actor: Actor) => actor.tenant
  const memory = new MemoryStore({ scope })
  const files = new MemoryAttachmentStore({ scope, baseUrl: 'http://files.test/files' })
  const storage = createStorage({ store: memory, attachments: files, actor: ({ user }) => user, ...options })
  const create = async (params: Partial<AttachmentCreateParams> = {}) => {
    const claims = { name: 'hello.txt', size: 5, mime_type: 'text/plain', ...params }
    const attachment = await storage.attachments.createAttachment(claims, ann)
    await storage.store.saveAttachment(attachment, ann)
    return attachment
  }
  const put = (attachment: Attachment, bytes: string) => {
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
