import { Storage, type StorageOptions } from '@google-cloud/storage'
import { createGcsBucket, gcsOptions, ServiceAccount } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-bucket.ts'
import type { GCSAttachmentStoreOptions } from './index.ts'

const [page, other] = ['https://chat.example', 'https://other.example']
const signed = ['content-type', 'x-goog-content-length-range', 'x-goog-if-generation-match']

await describeOn('gcs', ({ url }) => {
  const config = gcsOptions(url)
  const client = new Storage(config)
  let bucket = ''
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name: bucket, drop } = await createGcsBucket(url))
  })
  afterAll(() => drop())
  const check = async (change: StorageOptions = {}, options: Changes = {}) => {
    const store = storeIn(options.bucket ?? bucket, { config: { ...config, ...change }, ...options })
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
    const [files] = await client.bucket(bucket).getFiles()
    expect(files).toEqual([])
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
    ])('a rule that allows %s', async (_, method, responseHeader, level) => {
      const { name, drop } = await createGcsBucket(url)
      onTestFinished(drop)
      await client.bucket(name).setCorsConfiguration([{ origin: [page], method, responseHeader }])
      const findings = await check({}, { bucket: name, origins: [page, other] })
      expect(findings.filter(({ topic }) => topic === 'cors')).toMatchObject([{ level }, { level: 'error' }])
    })
  })

  test('there is no such bucket', async () => {
    const findings = await check({}, { bucket: 'threadkeep-there-is-none', origins: [page] })
    expect(findings).toContainEqual(error('reachable', 'create it, or correct the option bucket'))
    expect(findings).toContainEqual(error('upload', 'create it, or correct the option bucket'))
  })

  describe('the private key is that of another account', () => {
    const { credentials } = gcsOptions(new ServiceAccount().urlAt('http://127.0.0.1'))

    test('and the service is shown it', async () => {
      const findings = await check({ credentials })
      expect(findings).toContainEqual(error('reachable', 'correct client_email and private_key'))
      expect(findings).toContainEqual(error('upload', 'SignatureDoesNotMatch'))
      expect(JSON.stringify(findings)).not.toContain(credentials.private_key.split('\n')[1])
    })

    test('and the service that gives tokens is', async () => {
      const { universe_domain: _, ...own } = credentials
      const findings = await check({ ...atToken(), credentials: own })
      expect(findings).toContainEqual(error('reachable', 'correct client_email and private_key'))
    })
  })

  test('there are no credentials', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { credentials: _, ...without } = config
    const store = storeIn(bucket, { config: without })
    const findings = await store.check()
    expect(findings).toContainEqual(error('reachable', 'set GOOGLE_APPLICATION_CREDENTIALS'))
    expect(findings).toContainEqual(error('upload', "give it a service account's key"))
  })

  describe('the clock of this machine', () => {
    const turn = (minutes: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
      onTestFinished(() => void vi.useRealTimers())
    }

    test.each([
      ['ahead', 'behind', 20],
      ['behind', 'ahead of', -20],
    ])('is 20 minutes %s', async (_, way, minutes) => {
      turn(minutes)
      const findings = await check()
      const message = expect.stringMatching(
        `the server's clock is 1[12]\\d{5} ms ${way} this process's: synchronise both`,
      )
      expect(findings).toContainEqual({ topic: 'clock', level: 'warning', message })
      expect(findings).toContainEqual(error('upload', 'the clocks disagree'))
    })

    test('is too far off for the service that gives tokens', async () => {
      turn(20)
      const { universe_domain: _, ...credentials } = config.credentials
      expect(await check({ ...atToken(), credentials })).toContainEqual(error('reachable', 'clock is off'))
    })
  })

  test('nobody listens', async () => {
    const nobody = { apiEndpoint: 'http://127.0.0.1:1', retryOptions: { autoRetry: false } }
    expect(await check(nobody)).toEqual([error('reachable', 'no answer (unavailable)')])
  })

  /** In Google's own universe the SDK exchanges what the account has signed for a token, at an address that is fixed. */
  function atToken(): StorageOptions {
    const adapter = (request: object, send: (request: object) => Promise<unknown>) =>
      send({ ...request, url: new URL('/token', config.apiEndpoint) })
    const clientOptions = { transporterOptions: { adapter } } as NonNullable<StorageOptions['clientOptions']>
    return { universeDomain: 'googleapis.com', clientOptions }
  }
})

type Changes = Partial<Pick<GCSAttachmentStoreOptions<string>, 'bucket' | 'origins' | 'prefix'>>
