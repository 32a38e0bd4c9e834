import { randomUUID } from 'node:crypto'
import { StorageError } from '@threadkeep/core'
import type { KeyedAttachment } from '@threadkeep/core/driver'

/** A row that leaves its place behind as a tombstone, without its body, when it is deleted. */
interface Row {
  readonly scope: string
  readonly id: string
  /** `no`, or when it was deleted and something that no other row has: a row that is added again is another document. */
  readonly gone: string
  readonly position: string
  /** Tombstones have none. */
  readonly body: string
}

/** One life of a thread. */
interface ThreadDocument extends Row {
  /** Random; its items are kept under it. */
  readonly generation: string
}

export interface ItemDocument extends Row {
  readonly generation: string
}

export interface AttachmentDocument extends Omit<KeyedAttachment, 'attachmentId'> {
  readonly id: string
}

/** What is used of a `Collection` of mongodb, whichever its version. */
export interface Rows<T> {
  readonly dbName: string
  readonly collectionName: string
  findOne(filter: object, options: object): Promise<T | null>
  find(filter: object, options: object): { toArray(): Promise<T[]> }
  findOneAndUpdate(filter: object, change: object, options: object): Promise<T | null>
  updateOne(filter: object, change: object, options?: object): Promise<{ matchedCount: number }>
  updateMany(filter: object, change: object): Promise<unknown>
  deleteOne(filter: object): Promise<unknown>
  deleteMany(filter: object): Promise<unknown>
  listIndexes(): { toArray(): Promise<IndexInfo[]> }
  createIndexes(indexes: readonly object[], options: object): Promise<unknown>
}

/** An index as the server tells it. */
export interface IndexInfo extends Readonly<Record<string, unknown>> {
  readonly name: string
  readonly key: object
}

/** What is used of a `Db` of mongodb. */
export interface Database {
  readonly writeConcern?: { readonly w?: number | string }
  collection<T>(name: string): Rows<T>
  command(command: object, options: object): Promise<object>
}

export interface Collections {
  readonly db: Database
  readonly threads: Rows<ThreadDocument>
  readonly items: Rows<ItemDocument>
  readonly attachments: Rows<AttachmentDocument>
}

export interface CollectionNames {
  readonly threads: string
  readonly items: string
  readonly attachments: string
}

export function namesOf(prefix: string): CollectionNames {
  const start = prefix.replace(/\/$/, '').replaceAll('/', '.')
  return { threads: `${start}.threads`, items: `${start}.items`, attachments: `${start}.attachments` }
}

export function collectionsOf(db: Database, names: CollectionNames): Collections {
  return {
    db,
    threads: db.collection(names.threads),
    items: db.collection(names.items),
    attachments: db.collection(names.attachments),
  }
}

/** What `gone` of a row that is there says: it sorts behind all moments. */
export const no = 'no'

const cursorLifeMs = 24 * 60 * 60 * 1000

/** Turns a row into its tombstone. */
export function goneNow(): object {
  return { $set: { gone: `${new Date().toISOString()} ${randomUUID()}` }, $unset: { body: '' } }
}

/** Tombstones from before this moment are no cursors any more. */
export function goneLongAgo(): string {
  return new Date(Date.now() - cursorLifeMs).toISOString()
}

export const recordFields: object = { _id: 0, position: 1, body: 1 }
export const attachmentFields: object = { ...recordFields, scope: 1, id: 1, state: 1, revision: 1, due: 1, threadId: 1 }

/** A server may leave out a field that is null. */
export function toAttachment({ id, due = null, threadId = null, ...record }: AttachmentDocument): KeyedAttachment {
  return { ...record, attachmentId: id, due, threadId }
}

/** Of the 16 MiB that a document may have, what the body leaves to ids, of at most 512 bytes each, and the like. */
const mostBodyBytes = 16 * 1024 * 1024 - 16 * 1024

/** Gives the options back; a record that they allow must fit into a document: `invalid_argument`. */
export function checkBodyLimit<T extends { maxBodyBytes?: number }>(options: T): T {
  if ((options.maxBodyBytes ?? 0) <= mostBodyBytes) return options
  const message = `option maxBodyBytes may be at most ${mostBodyBytes}: MongoDB refuses documents of more than 16 MiB`
  throw new StorageError('invalid_argument', message)
}
