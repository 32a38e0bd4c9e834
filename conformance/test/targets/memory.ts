import { randomBytes } from 'node:crypto'
import { UrlSigner } from '@threadkeep/core/driver'
import { MemoryAttachmentStore, MemoryBlobDriver, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { type AttachmentTarget, type StoreTarget, type SuiteContext, serve } from '../../src/index.ts'

const facts = {
  adapter: { name: 'memory', version: '1.2.3' },
  backend: async () => ({ name: 'no backend', version: '7', origin: 'this process' }),
}

const driver = new MemoryStoreDriver()

export const store: StoreTarget = { ...facts, open: async (options) => new MemoryStore({ ...options, driver }) }

const server = await serve((request) => served.handler(request))
const signer = new UrlSigner({ baseUrl: server.url, secret: randomBytes(32).toString('hex') })
const blobs = new MemoryBlobDriver(signer)
const served = new MemoryAttachmentStore<SuiteContext>({ scope: ({ scope }) => scope, driver: blobs })

export const attachments: AttachmentTarget = {
  ...facts,
  gaps: { 'bounded-memory': 'all bytes are kept in memory' },
  open: async (options) => new MemoryAttachmentStore({ ...options, driver: blobs }),
  close: () => server.close(),
}
