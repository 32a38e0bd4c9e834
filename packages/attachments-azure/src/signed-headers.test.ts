import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { BlobServiceClient } from '@azure/storage-blob'
import { startAzureWithTokens } from '@threadkeep/backends'
import { testAttachmentStore } from '@threadkeep/conformance/vitest'
import adapter from '../package.json' with { type: 'json' }
import { startStrictGateway } from '../test/strict-gateway.ts'
import { AzureAttachmentStore } from './index.ts'

const azure = await startAzureWithTokens()
setDefaultCACertificates([...getCACertificates('default'), azure.certificate])
const gateway = await startStrictGateway(azure)
const credential = { getToken: async () => ({ token: azure.token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
const connection = { url: gateway.endpoint, credential }
const container = 'files'
await new BlobServiceClient(connection.url, credential).createContainer(container)

/** Signed headers are held to by the gateway, all else by Azurite. */
testAttachmentStore('azure, signed headers', {
  adapter,
  backend: { name: 'a strict gateway before Azurite-Blob', version: '3.35.0', origin: 'embedded' },
  secrets: [azure.token],
  open: async (options) => new AzureAttachmentStore({ ...options, ...connection, container }),
  close: async () => {
    await gateway.close()
    await azure.stop()
  },
})
