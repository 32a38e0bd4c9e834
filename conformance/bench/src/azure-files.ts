import { Readable } from 'node:stream'
import { BlobSASPermissions, BlobServiceClient } from '@azure/storage-blob'
import { AzureAttachmentStore } from '@threadkeep/attachments-azure'
import { azureConnectionString, type BackendInfo, createAzureContainer } from '@threadkeep/backends'
import { adapterFiles } from './adapter-files.ts'
import { type FileBench, type FileSide, mimeType, twice } from './file-side.ts'

export async function openAzure({ url, version }: BackendInfo): Promise<FileBench> {
  const container = await createAzureContainer(url)
  const connectionString = azureConnectionString(url)
  const scope = (of: string) => of
  const store = new AzureAttachmentStore({ container: container.name, connectionString, scope, maxBytes: 2 ** 31 })
  const client = BlobServiceClient.fromConnectionString(connectionString)
  return {
    name: 'attachments-azure',
    backend: version,
    sides: [adapterFiles(store), ...twice(bareAzure(client, container.name))],
    close: async () => {
      await store.close()
      await container.drop()
    },
  }
}

function bareAzure(client: BlobServiceClient, name: string): FileSide {
  const container = client.getContainerClient(name)
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': mimeType }
  const options = { blobHTTPHeaders: { blobContentType: mimeType } }
  return {
    name: 'bare',
    sign: async (key) => {
      const grant = { permissions: BlobSASPermissions.parse('c'), expiresOn: new Date(Date.now() + 900_000) }
      return { url: await container.getBlockBlobClient(key).generateSasUrl(grant), method: 'PUT', headers }
    },
    write: (key, body) => {
      const blob = container.getBlockBlobClient(key)
      if (body instanceof Uint8Array) return blob.upload(body, body.byteLength, options)
      return blob.uploadStream(Readable.from(buffers(body)), 4 * 1024 * 1024, 2, options)
    },
    read: async (key, range) => {
      const count = range && range.end - range.start + 1
      const { readableStreamBody } = await container.getBlockBlobClient(key).download(range?.start, count)
      if (!(readableStreamBody instanceof Readable)) throw new Error('on Node the body of a download is a stream')
      return readableStreamBody
    },
  }
}

/** The client copies what it is given with a method that only buffers have. */
async function* buffers(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const part of body) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength)
}
