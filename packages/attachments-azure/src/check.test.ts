import { BlobServiceClient } from '@azure/storage-blob'
import { azureConnectionString, azureOptions, createAzureContainer } from '@threadkeep/backends'
import { describeOn } from '@threadkeep/backends/vitest'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-container.ts'
import type { AzureAttachmentStoreOptions } from './index.ts'

const [page, other] = ['https://chat.example', 'https://other.example']
const sent = ['content-type', 'if-none-match', 'x-ms-blob-content-type', 'x-ms-blob-type']

await describeOn('azure', ({ url }) => {
  const service = BlobServiceClient.fromConnectionString(azureConnectionString(url))
  const { account } = azureOptions(url)
  let name = ''
  let drop = async () => {}
  beforeAll(async () => {
    ;({ name, drop } = await createAzureContainer(url))
  })
  afterAll(() => drop())
  const check = (change: Changes = {}, { container = name, ...options }: Options = {}) =>
    storeIn(container, { connectionString: azureConnectionString(url, change), ...options }).check()
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
    expect(await Array.fromAsync(service.getContainerClient(name).listBlobsFlat())).toEqual([])
  })

  describe('pages of other origins', () => {
    const allow = async (methods: string, headers: string) => {
      const rule = { allowedOrigins: page, allowedMethods: methods, allowedHeaders: headers }
      const { cors = [] } = await service.getProperties()
      onTestFinished(async () => void (await service.setProperties({ cors })))
      await service.setProperties({ cors: [{ ...rule, exposedHeaders: 'etag', maxAgeInSeconds: 60 }] })
    }

    test('cannot upload to an account without CORS: which rule is missing', async () => {
      const findings = await check({}, { origins: [page] })
      const rule = `the origin ${page}, the method PUT and the headers ${sent.join(', ')}`
      const where = "the account's CORS rules for blobs (az storage cors add --services b)"
      const message = `pages of ${page} cannot upload: allow ${rule} in ${where}`
      expect(findings.filter(({ level }) => level !== 'ok')).toEqual([{ topic: 'cors', level: 'error', message }])
    })

    test.each([
      ['all that is sent', 'PUT', 'content-type,if-none-match,x-ms-*', 'ok'],
      ['not every header that is sent', 'PUT', 'content-type', 'error'],
      ['another method', 'GET', 'content-type,if-none-match,x-ms-*', 'error'],
    ])('a rule that allows %s', async (_, methods, headers, level) => {
      await allow(methods, headers)
      const findings = await check({}, { origins: [page, other] })
      expect(findings.filter(({ topic }) => topic === 'cors')).toMatchObject([{ level }, { level: 'error' }])
    })
  })

  test('there is no such container', async () => {
    const findings = await check({}, { container: 'threadkeep-there-is-none', origins: [page] })
    expect(findings).toContainEqual(error('reachable', 'create it, or correct the option container'))
    expect(findings).toContainEqual(error('upload', 'create it, or correct the option container'))
  })

  test('no container can have that name', async () => {
    expect(await check({}, { container: 'x' })).toContainEqual(error('reachable', 'correct the option container'))
  })

  test('the account key is another', async () => {
    const key = Buffer.from('a wrong key').toString('base64')
    const findings = await check({ key })
    expect(findings).toContainEqual(error('reachable', 'correct the connection string'))
    expect(findings).toContainEqual(error('upload', 'correct the connection string'))
    expect(JSON.stringify(findings)).not.toContain(key)
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
    if (minutes < 0) expect(findings).toContainEqual(error('upload', 'the clocks disagree'))
  })

  test('nobody listens', async () => {
    const nobody = { endpoint: `http://127.0.0.1:1/${account}` }
    expect(await check(nobody)).toEqual([error('reachable', 'no answer (unavailable)')])
  })

  test('there is no such account', async () => {
    const nowhere = { endpoint: 'http://account.invalid' }
    expect(await check(nowhere)).toContainEqual(error('reachable', 'correct the name of the account'))
  })
})

type Changes = Parameters<typeof azureConnectionString>[1]
type Options = Partial<Pick<AzureAttachmentStoreOptions<string>, 'container' | 'origins' | 'prefix'>>
