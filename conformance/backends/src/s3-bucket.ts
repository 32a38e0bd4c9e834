import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Bucket } from './bucket.ts'

/** What an `S3Client` takes to reach the S3 of a backend's URL. */
export interface S3Options {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly forcePathStyle: true
}

export function s3Options(url: string): S3Options {
  const { origin, username, password, searchParams } = new URL(url)
  const credentials = { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) }
  return { endpoint: origin, region: searchParams.get('region') ?? 'us-east-1', credentials, forcePathStyle: true }
}

/** Creates an empty bucket with a random name. */
export async function createS3Bucket(url: string): Promise<Bucket> {
  const client = new S3Client(s3Options(url))
  const name = `threadkeep-test-${randomBytes(8).toString('hex')}`
  await client.send(new CreateBucketCommand({ Bucket: name }))
  return { name, drop: () => drop(client, name) }
}

async function drop(client: S3Client, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }))
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }))
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
  client.destroy()
}
