import { randomBytes } from 'node:crypto'
import { type BlobDriver, blobHandler, DriverAttachmentStore, UrlSigner } from '@threadkeep/core/driver'
import { MemoryBlobDriver, MemoryStore, MemoryStoreDriver } from '@threadkeep/core/memory'
import type { Handler } from '../src/attachments/handler.ts'
import type { AttachmentTarget, StoreTarget } from '../src/index.ts'
import { withFault } from '../src/mutants/mutant.ts'
import { serve } from '../src/serve.ts'

export interface MemoryPair {
  readonly store: StoreTarget
  readonly attachments: AttachmentTarget
}

/** What answers the URLs of the attachment store, and what its driver says that it enforces. */
export interface Answering {
  readonly enforces?: BlobDriver['enforces']
  answer(handler: Handler, driver: BlobDriver, signer: UrlSigner): Handler
}

const asItIs: Answering = { answer: (handler) => handler }

/** Two reference adapters over memories of their own, to be tested together; the URLs answer on a port of their own. */
export async function memoryPair({ enforces, answer }: Answering = asItIs): Promise<MemoryPair> {
  const rows = new MemoryStoreDriver()
  const server = await serve((request) => handler(request))
  const signer = new UrlSigner({ baseUrl: server.url, secret: randomBytes(32).toString('hex') })
  const memory = new MemoryBlobDriver(signer)
  const driver: BlobDriver = withFault<BlobDriver>(memory, enforces ? { enforces } : {})
  const handler = answer(blobHandler(driver, signer), driver, signer)
  return {
    store: { open: async (options) => new MemoryStore({ ...options, driver: rows }) },
    attachments: {
      open: async (options) => new DriverAttachmentStore(driver, options),
      close: () => server.close(),
    },
  }
}
