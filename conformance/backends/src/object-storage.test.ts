import { GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { Storage } from '@google-cloud/storage'
import { expect, onTestFinished, test } from 'vitest'
import { azureOptions, createAzureContainer } from './azure-container.ts'
import { createGcsBucket, gcsOptions } from './gcs-bucket.ts'
import { createS3Bucket, s3Options } from './s3-bucket.ts'
import { describeOn } from './vitest.ts'

await describeOn('s3', (s3) => {
  test('keeps an object, and refuses a wrong secret and a second write where only a first is allowed', async () => {
    const client = s3Client(s3.url)
    const { name: Bucket, drop } = await createS3Bucket(s3.url)
    onTestFinished(drop)
    const put = new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'hello', IfNoneMatch: '*' })
    await client.send(put)
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b' }))
    expect(await Body?.transformToString()).toBe('hello')
    await expect(client.send(put)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    const stranger = s3Client(Object.assign(new URL(s3.url), { password: 'wrong' }).href)
    await expect(stranger.send(put)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  test('a bucket is dropped with what is in it', async () => {
    const client = s3Client(s3.url)
    const { name: Bucket, drop } = await createS3Bucket(s3.url)
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'hello' }))
    await drop()
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' })
  })
})

await describeOn('gcs', (gcs) => {
  test('keeps an object, refuses a stranger and a second write where only a first is allowed', async () => {
    const { name, drop } = await createGcsBucket(gcs.url)
    onTestFinished(drop)
    const file = new Storage(gcsOptions(gcs.url)).bucket(name).file('a/b')
    const first = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } }
    await file.save('hello', first)
    expect(String(await file.download())).toBe('hello')
    await expect(file.save('again', first)).rejects.toMatchObject({ code: 412 })
    const { origin } = new URL(gcs.url)
    expect((await fetch(`${origin}/storage/v1/b/${name}/o`)).status).toBe(401)
    expect((await fetch(`${origin}/${name}/a/b`)).status).toBe(403)
  })

  test('a bucket is dropped with what is in it', async () => {
    const { name, drop } = await createGcsBucket(gcs.url)
    const bucket = new Storage(gcsOptions(gcs.url)).bucket(name)
    await bucket.file('a/b').save('hello', { resumable: false })
    await drop()
    expect(await bucket.exists()).toEqual([false])
  })
})

await describeOn('azure', (azure) => {
  test('keeps a blob, refuses a wrong key, and drops a container whole', async () => {
    const { name, drop } = await createAzureContainer(azure.url)
    const blob = blobService(azure.url).getContainerClient(name).getBlockBlobClient('a/b')
    await blob.upload('hello', 5)
    expect((await blob.downloadToBuffer()).toString()).toBe('hello')
    const stranger = blobService(Object.assign(new URL(azure.url), { password: btoa('wrong') }).href)
    const theirs = stranger.getContainerClient(name).getBlockBlobClient('a/b')
    await expect(theirs.upload('hello', 5)).rejects.toMatchObject({ statusCode: 403 })
    await drop()
    await expect(blob.getProperties()).rejects.toMatchObject({ statusCode: 404 })
  })
})

function s3Client(url: string): S3Client {
  const client = new S3Client(s3Options(url))
  onTestFinished(() => client.destroy())
  return client
}

function blobService(url: string): BlobServiceClient {
  const { endpoint, account, key } = azureOptions(url)
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key))
}
