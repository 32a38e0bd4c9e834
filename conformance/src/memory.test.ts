import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UrlSigner } from '@threadkeep/core/driver'
import { MemoryAttachmentStore, MemoryBlobDriver, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import { serve } from './serve.ts'
import type { SuiteContext } from './suite-context.ts'
import { testAttachmentStore, testStore } from './vitest.ts'

const facts = {
  adapter: JSON.parse(readFileSync(new URL('../../packages/core/package.json', import.meta.url), 'utf8')),
  backend: { name: 'memory', version: process.version, origin: 'this process' },
}

const driver = new MemoryStoreDriver()
testStore('memory', { ...facts, open: async (options) => new MemoryStore({ ...options, driver }) })

const server = await serve((request) => served.handler(request))
const secret = randomBytes(32).toString('hex')
const signer = new UrlSigner({ baseUrl: server.url, secret })
const blobs = new MemoryBlobDriver(signer)
const served = new MemoryAttachmentStore<SuiteContext>({ scope: ({ scope }) => scope, driver: blobs })
testAttachmentStore('memory', {
  ...facts,
  gaps: { 'bounded-memory': 'all bytes are kept in memory' },
  secrets: [secret],
  open: async (options) => new MemoryAttachmentStore({ ...options, driver: blobs }),
  close: () => server.close(),
})
