import {
  BlobServiceClient,
  type ServiceGetUserDelegationKeyResponse,
  StorageSharedKeyCredential,
  type UserDelegationKey,
} from '@azure/storage-blob'
import type { Attachment } from '@threadkeep/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { storeIn } from '../test/store-in-a-container.ts'
import { type SignedRequest, type SigningKey, verifySas } from '../test/verify-sas.ts'

const url = 'https://account.blob.core.windows.net'
const value = Buffer.from('the key of nobody').toString('base64')
const start = Date.UTC(2026, 0, 1)
const file = { name: 'Übung "1".pdf', size: 5, mime_type: 'application/pdf' }
const configuration = expect.objectContaining({ code: 'configuration' })
const token = { getToken: async () => ({ token: 'a token', expiresOnTimestamp: start + 3_600_000 }) }

/** A client whose credential is given keys without asking anybody. */
class Delegated extends BlobServiceClient {
  readonly asked: Date[] = []

  constructor() {
    super(url, token)
  }

  override async getUserDelegationKey(from: unknown, to: unknown): Promise<ServiceGetUserDelegationKeyResponse> {
    const [signedStartsOn, signedExpiresOn] = [from as Date, to as Date]
    this.asked.push(signedExpiresOn)
    const signed = { signedService: 'b', signedVersion: '2026-04-06', signedStartsOn, signedExpiresOn }
    const key: UserDelegationKey = { signedObjectId: 'user', signedTenantId: 'tenant', ...signed, value }
    return key as ServiceGetUserDelegationKeyResponse
  }
}

const credential = new StorageSharedKeyCredential('account', value)
const byKey = () => storeIn('files', { url, credential })
const byToken = (client = new Delegated()) => storeIn('files', { client })
const withoutHeaders = () => storeIn('files', { client: new Delegated(), signHeaders: false })

beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const ofAccount = ['se', 'sig', 'sp', 'spr', 'sr', 'sv']
const ofUser = [...ofAccount, 'ske', 'skoid', 'sks', 'skt', 'sktid', 'skv']

describe.each([
  ['an account key', byKey, false, ofAccount],
  ['a user delegation key', byToken, true, [...ofUser, 'srh']],
  ['a user delegation key without headers', withoutHeaders, true, ofUser],
] as const)('an upload signed with %s', (_, open, delegated, parameters) => {
  const key: SigningKey = { account: 'account', value, delegated }

  test('creates one blob over https and can do nothing else', async () => {
    const { searchParams } = new URL(urlOf(await open().createAttachment(file, 'tenant')))
    expect([...searchParams.keys()].sort()).toEqual([...parameters].sort())
    expect(searchParams.get('sp')).toBe('c')
    expect(searchParams.get('sr')).toBe('b')
    expect(searchParams.get('spr')).toBe('https')
  })

  test('passes an independent verifier, which refuses each change', async () => {
    const attachment = await open().createAttachment(file, 'tenant')
    const headers = { ...attachment.upload_descriptor?.headers, 'content-length': '5' }
    const passes = (change: Partial<SignedRequest>, now = new Date(), by = key) =>
      verifySas({ method: 'PUT', url: urlOf(attachment), headers, ...change }, by, now)
    expect(passes({})).toBe(true)
    const longer = urlOf(attachment).replace(/se=2026-01-01/, 'se=2027-01-01')
    expect(passes({ method: 'GET' })).toBe(false)
    expect(passes({ method: 'DELETE' })).toBe(false)
    expect(passes({ url: urlOf(attachment).replace('sp=c', 'sp=cw') })).toBe(false)
    expect(passes({ url: urlOf(attachment).replace('/atc_', '/atc_0') })).toBe(false)
    expect(passes({ url: urlOf(attachment).replace('https:', 'http:') })).toBe(false)
    expect(passes({ url: longer })).toBe(false)
    expect(passes({}, inSeconds(899))).toBe(true)
    expect(passes({}, inSeconds(901))).toBe(false)
    expect(passes({}, new Date(), { ...key, value: 'AAAA' })).toBe(false)
    const named = new URL(urlOf(attachment)).searchParams.get('srh')?.split(',') ?? []
    for (const name of named) {
      const { [name]: _, ...without } = headers as Record<string, string>
      expect(passes({ headers: without }), `without ${name}`).toBe(false)
      expect(passes({ headers: { ...without, [name]: 'other' } }), `another ${name}`).toBe(false)
    }
  })

  test('names neither the file nor the key', async () => {
    const attachment = await open().createAttachment(file, 'tenant')
    const text = decodeURIComponent(JSON.stringify(attachment))
    expect(decodeURIComponent(JSON.stringify(attachment.upload_descriptor))).not.toMatch(/bung/)
    expect(text).not.toContain(value)
  })

  test('a download is the same URL for the same end, and says how it is answered', async () => {
    const store = open()
    const request = { name: 'plan.pdf', type: 'application/pdf', disposition: 'inline' } as const
    const sign = () => store.objects.signDownload('tenant', 'atc_1', { ...request, expiresAt: inSeconds(7_200) })
    const first = await sign()
    vi.setSystemTime(inSeconds(3_600))
    expect(await sign()).toBe(first)
    const { searchParams } = new URL(first)
    expect(searchParams.get('rscd')).toMatch(/^inline; filename="plan.pdf"/)
    expect(searchParams.get('rsct')).toBe('application/pdf')
    const get = { method: 'GET', url: first, headers: {} } as const
    expect(verifySas(get, key, inSeconds(7_199))).toBe(true)
    expect(verifySas(get, key, inSeconds(7_201))).toBe(false)
    const shown = first.replace('rsct=application%2Fpdf', 'rsct=text%2Fhtml')
    expect(verifySas({ ...get, url: shown }, key, new Date())).toBe(false)
  })
})

test('what is bound follows from what signs', () => {
  const bound = { size: false, type: false, checksum: false, createOnly: true }
  expect(byKey().enforces).toEqual(bound)
  expect(withoutHeaders().enforces).toEqual(bound)
  expect(byToken().enforces).toEqual({ ...bound, size: true, type: true })
})

test('a user delegation key is asked for once a day, and again when it would end before a URL', async () => {
  const client = new Delegated()
  const store = byToken(client)
  const sign = (seconds: number) =>
    store.objects.signDownload('tenant', 'atc_1', {
      name: 'x',
      type: 'text/plain',
      disposition: 'inline',
      expiresAt: new Date(Date.now() + seconds * 1_000),
    })
  await Promise.all([sign(900), sign(3_600), sign(86_400)])
  expect(client.asked).toEqual([inSeconds(86_400)])
  await sign(604_800)
  await sign(900)
  expect(client.asked).toEqual([inSeconds(86_400), inSeconds(604_800)])
  vi.setSystemTime(inSeconds(604_800 - 899))
  const last = await sign(900)
  expect(client.asked).toHaveLength(3)
  expect(new URL(last).searchParams.get('ske')).toBe('2026-01-08T23:45:01Z')
})

describe('what cannot sign is refused before anybody gets a URL:', () => {
  const sas = 'sv=2026-04-06&ss=b&srt=sco&sp=rwdlc&se=2026-02-01T00:00:00Z&sig=c2VjcmV0'
  test.each([
    ['a connection string with a SAS', { connectionString: `BlobEndpoint=${url};SharedAccessSignature=${sas}` }],
    ['a client with a SAS', { client: new BlobServiceClient(`${url}?${sas}`) }],
    ['a client without credentials', { client: new BlobServiceClient(url) }],
  ])('%s', (_, options) => {
    expect(() => storeIn('files', options)).toThrow(configuration)
    expect(() => storeIn('files', options)).toThrow(/not with a SAS/)
  })
})

test.each([
  ['nothing to connect with', {}],
  ['a url without a credential', { url }],
  ['a credential without a url', { credential }],
  ['a client and a url', { client: new BlobServiceClient(url, credential), url, credential }],
  ['a connection string that is none', { connectionString: `AccountKey=${value}` }],
  ['a url that is none', { url: '', credential }],
])('%s is refused, without secrets', (_, options) => {
  expect(() => storeIn('files', options)).toThrow(configuration)
  expect(() => storeIn('files', options)).not.toThrow(new RegExp(value))
})

function inSeconds(seconds: number): Date {
  return new Date(start + seconds * 1_000)
}

function urlOf({ upload_descriptor }: Attachment): string {
  return upload_descriptor?.url ?? ''
}
