import { PGlite } from '@electric-sql/pglite'
import { DiskAttachmentStore } from '@threadkeep/attachments-disk'
import { MemoryAttachmentStore, MemoryStore } from '@threadkeep/core/memory'
import { createStorage, type Storage } from '@threadkeep/storage'
import { PostgresStore } from '@threadkeep/store-postgres'
import { ChatKitServer, type ThreadStreamEvent } from 'chatkit-node-backend-sdk'
import { expectTypeOf } from 'vitest'

// Compiled, never run: ChatKit's server takes every store as it is, and one annotation names the context everywhere.

interface User {
  readonly team: string
}

class Server<TContext> extends ChatKitServer<TContext> {
  override async *respond(): AsyncGenerator<ThreadStreamEvent> {}
}

const scope = ({ team }: User): string => team
const signing = { baseUrl: 'http://127.0.0.1/files', secret: 'a secret of at least 32 characters' }

const postgres = new PostgresStore({ scope, url: 'postgres://127.0.0.1' })
const disk = new DiskAttachmentStore({ scope, directory: '.data', ...signing })
const memory = new MemoryStore({ scope })
const memoryFiles = new MemoryAttachmentStore({ scope })
const storage = createStorage({ store: postgres, attachments: disk })

expectTypeOf(new PostgresStore({ scope, client: new PGlite() })).toEqualTypeOf<PostgresStore<User>>()
expectTypeOf(postgres).toEqualTypeOf<PostgresStore<User>>()
expectTypeOf(disk).toEqualTypeOf<DiskAttachmentStore<User>>()
expectTypeOf(memory).toEqualTypeOf<MemoryStore<User>>()
expectTypeOf(memoryFiles).toEqualTypeOf<MemoryAttachmentStore<User>>()
expectTypeOf(storage).toEqualTypeOf<Storage<User>>()

expectTypeOf(new Server(postgres)).toEqualTypeOf<Server<User>>()
expectTypeOf(new Server(postgres, disk)).toEqualTypeOf<Server<User>>()
expectTypeOf(new Server(memory, memoryFiles)).toEqualTypeOf<Server<User>>()
expectTypeOf(new Server(storage.store, storage.attachments)).toEqualTypeOf<Server<User>>()

// @ts-expect-error: the two must be of one context
new Server(postgres, new DiskAttachmentStore({ scope: (name: string) => name, directory: '.data', ...signing }))
// @ts-expect-error: and so must the two of a storage
createStorage({ store: memory, attachments: new MemoryAttachmentStore({ scope: (name: string) => name }) })
// @ts-expect-error: without a scope there is no store
new PostgresStore({ client: new PGlite() })
// @ts-expect-error: nor an attachment store
new DiskAttachmentStore({ directory: '.data', ...signing })
