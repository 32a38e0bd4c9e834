import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { S3AttachmentStore } from '@threadkeep/attachments-s3'
import { type BackendInfo, createS3Bucket, s3Options } from '@threadkeep/backends'
import { adapterFiles } from './adapter-files.ts'
import { type FileBench, type FileSide, mimeType, twice } from './file-side.ts'

export async function openS3({ url, version }: BackendInfo): Promise<FileBench> {
  const bucket = await createS3Bucket(url)
  const store = new S3AttachmentStore({
    bucket: bucket.name,
    config: s3Options(url),
    scope: (of: string) => of,
    maxBytes: 2 ** 31,
  })
  const client = new S3Client({ ...s3Options(url), requestChecksumCalculation: 'WHEN_REQUIRED' })
  return {
    name: 'attachments-s3',
    backend: version,
    sides: [adapterFiles(store), ...twice(bareS3(client, bucket.name))],
    close: async () => {
      await store.close()
      client.destroy()
      await bucket.drop()
    },
  }
}

function bareS3(client: S3Client, Bucket: string): FileSide {
  return {
    name: 'bare',
    sign: async (Key, size) => {
      const put = new PutObjectCommand({ Bucket, Key, ContentType: mimeType, ContentLength: size })
      const headers = new Set(['content-type', 'content-length'])
      const url = await getSignedUrl(client, put, { expiresIn: 900, signableHeaders: headers })
      return { url, method: 'PUT', headers: { 'content-type': mimeType } }
    },
    write: (Key, body) => {
      const params = { Bucket, Key, ContentType: mimeType }
      if (body instanceof Uint8Array) return client.send(new PutObjectCommand({ ...params, Body: body }))
      return new Upload({ client, params: { ...params, Body: Readable.from(body) } }).done()
    },
    read: async (Key, range) => {
      const Range = range && `bytes=${range.start}-${range.end}`
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }))
      if (!(Body instanceof Readable)) throw new Error('on Node the body of a GetObject is a stream of Node')
      return Body
    },
  }
}
