import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Storage } from '@google-cloud/storage'
import { GCSAttachmentStore } from '@threadkeep/attachments-gcs'
import { type BackendInfo, createGcsBucket, gcsOptions } from '@threadkeep/backends'
import { adapterFiles } from './adapter-files.ts'
import { type FileBench, type FileSide, mimeType, twice } from './file-side.ts'

export async function openGcs({ url, version }: BackendInfo): Promise<FileBench> {
  const bucket = await createGcsBucket(url)
  const config = gcsOptions(url)
  const scope = (of: string) => of
  // fake-gcs-server is busy for more than ten seconds after the last byte of 1 GiB.
  const limits = { maxBytes: 2 ** 31, timeoutMs: 120_000 }
  const store = new GCSAttachmentStore({ bucket: bucket.name, config, scope, ...limits })
  return {
    name: 'attachments-gcs',
    backend: version,
    sides: [adapterFiles(store), ...twice(bareGcs(new Storage(config), bucket.name))],
    close: async () => {
      await store.close()
      await bucket.drop()
    },
  }
}

function bareGcs(client: Storage, name: string): FileSide {
  const bucket = client.bucket(name)
  return {
    name: 'bare',
    sign: async (key) => {
      const expires = Date.now() + 900_000
      const config = { version: 'v4', action: 'write', expires, contentType: mimeType } as const
      const [url] = await bucket.file(key).getSignedUrl(config)
      return { url, method: 'PUT', headers: { 'content-type': mimeType } }
    },
    write: (key, body) => {
      const options = { resumable: false, contentType: mimeType, validation: 'crc32c' } as const
      if (body instanceof Uint8Array) return bucket.file(key).save(Buffer.from(body), options)
      return pipeline(Readable.from(body), bucket.file(key).createWriteStream(options))
    },
    read: async (key, range) => bucket.file(key).createReadStream({ ...range, validation: false }),
  }
}
