import { ListObjectsV2Command, PutBucketCorsCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { createS3Bucket, s3Options } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'
import type { S3AttachmentStoreOptions } from './index.ts'

const [page, other] = ['https://chat.example', 'https://other.example']
const signed = ['content-type', 'if-none-match', 'x-amz-checksum-sha256']

await describeOn('s3', ({ url }) => {
  const config = s3Options(url)
  const client = new S3Client(config)
  let Bucket = ''
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name: Bucket, drop } = await createS3Bucket(url))
  })
  afterAll(async () => {
    await drop()
    client.destroy()
  })
  const check = async (change: S3ClientConfig = {}, { bucket = Bucket, ...options }: Changes = {}) => {
    const store = storeIn(bucket, { config: { ...config, ...change }, ...options })
    onTestFinished(() => store.close())
    return store.check()
  }
  const error = (topic: string, message: string) => ({
    topic,
    level: 'error',
    message: expect.stringContaining(message),
  })

  test('all is well, and nothing is left behind', async () => {
    expect(await check({}, { prefix: 'app/' })).toEqual([
      { topic: 'reachable', level: 'ok', message: 'an object was written, read in part and deleted' },
      { topic: 'upload', level: 'ok', message: 'a signed upload was stored and fetched' },
      { topic: 'clock', level: 'ok', message: 'the clocks agree' },
    ])
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined()
  })

  describe('pages of other origins', () => {
    test('cannot upload to a bucket without CORS: which rule is missing', async () => {
      const findings = await check({}, { origins: [page] })
      const rule = `the origin ${page}, the method PUT and the headers ${signed.join(', ')}`
      const message = `pages of ${page} cannot upload: allow ${rule} in the bucket's CORS configuration`
      expect(findings.filter(({ level }) => level !== 'ok')).toEqual([{ topic: 'cors', level: 'error', message }])
    })

    test.each([
      ['all that is signed', ['PUT'], signed, 'ok'],
      ['not every header that is signed', ['PUT'], ['content-type'], 'error'],
      ['another method', ['GET'], signed, 'error'],
    ])('a rule that allows %s', async (_, AllowedMethods, AllowedHeaders, level) => {
      const { name, drop } = await createS3Bucket(url)
      onTestFinished(drop)
      const CORSRules = [{ AllowedOrigins: [page], AllowedMethods, AllowedHeaders }]
      await client.send(new PutBucketCorsCommand({ Bucket: name, CORSConfiguration: { CORSRules } }))
      const findings = await check({}, { bucket: name, origins: [page, other] })
      expect(findings.filter(({ topic }) => topic === 'cors')).toMatchObject([{ level }, { level: 'error' }])
    })
  })

  test('there is no such bucket', async () => {
    const findings = await check({}, { bucket: 'threadkeep-there-is-none', origins: [page] })
    expect(findings).toContainEqual(error('reachable', 'create it, or correct the option bucket'))
    expect(findings).toContainEqual(error('upload', 'create it, or correct the option bucket'))
  })

  test('the access key does not exist', async () => {
    const findings = await check({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } })
    expect(findings).toContainEqual(error('reachable', 'correct accessKeyId'))
  })

  test('the secret key is another', async () => {
    const { accessKeyId } = config.credentials
    const findings = await check({ credentials: { accessKeyId, secretAccessKey: 'a wrong secret' } })
    expect(findings).toContainEqual(error('reachable', 'correct secretAccessKey'))
    expect(findings).toContainEqual(error('upload', 'SignatureDoesNotMatch'))
    expect(JSON.stringify(findings)).not.toContain('a wrong secret')
  })

  test('there are no credentials', async () => {
    const credentials = async () => {
      throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' })
    }
    expect(await check({ credentials })).toContainEqual(error('reachable', 'set AWS_ACCESS_KEY_ID'))
  })

  test.each([
    ['ahead', 'behind', 20],
    ['behind', 'ahead of', -20],
  ])('the clock of this machine is 20 minutes %s', async (_, way, minutes) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
    onTestFinished(() => void vi.useRealTimers())
    const findings = await check()
    const message = expect.stringMatching(
      `the server's clock is 1[12]\\d{5} ms ${way} this process's: synchronise both`,
    )
    expect(findings).toContainEqual({ topic: 'clock', level: 'warning', message })
    // versitygw takes a URL before its time; S3 does not.
    if (minutes < 0) expect(findings).toContainEqual(error('upload', 'the clocks disagree'))
  })

  test('nobody listens', async () => {
    expect(await check({ endpoint: 'http://127.0.0.1:1' })).toEqual([error('reachable', 'no answer (unavailable)')])
  })
})

type Changes = Partial<Pick<S3AttachmentStoreOptions<string>, 'bucket' | 'origins' | 'prefix'>>
