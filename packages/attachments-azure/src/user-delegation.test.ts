import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { BlobServiceClient } from '@azure/storage-blob'
import { type AzureWithTokens, azureOptions, startAzureWithTokens } from '@threadkeep/backends'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storeIn } from '../test/store-in-a-container.ts'
import type { AzureAttachmentStore } from './index.ts'

const [container, context] = ['files', 'tenant']

describe('on Azurite with tokens, which issues user delegation keys,', () => {
  let azure: AzureWithTokens
  let store: AzureAttachmentStore<string>
  const open = (options: { signHeaders?: boolean } = {}) => {
    const credential = { getToken: async () => ({ token: azure.token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
    return storeIn(container, { url: azureOptions(azure.url).endpoint, credential, ...options })
  }
  beforeAll(async () => {
    azure = await startAzureWithTokens()
    setDefaultCACertificates([...getCACertificates('default'), azure.certificate])
    const credential = { getToken: async () => ({ token: azure.token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
    await new BlobServiceClient(azureOptions(azure.url).endpoint, credential).createContainer(container)
    store = open({ signHeaders: false })
  })
  afterAll(() => azure.stop())
  const upload = async (url?: (signed: string) => string) => {
    const created = await store.createAttachment({ name: 'a.txt', size: 5, mime_type: 'text/plain' }, context)
    const { url: signed, method, headers } = created.upload_descriptor ?? expect.fail('there is no descriptor')
    const send = async (body: string) => (await fetch(url?.(signed) ?? signed, { method, headers, body })).status
    return { id: created.id, send }
  }

  test('an upload creates a blob, once', async () => {
    const { id, send } = await upload()
    expect([await send('first'), await send('later')]).toEqual([201, 403])
    expect(await store.headAttachment(id, context)).toMatchObject({ size: 5, type: 'text/plain' })
    const content = await store.readAttachment(id, context)
    expect(await new Response(content.body).text()).toBe('first')
  })

  test.each([
    ['another blob', (url: string) => url.replace('?', '0?')],
    ['more permissions', (url: string) => url.replace('sp=c', 'sp=cw')],
    ['more time', (url: string) => url.replace(/se=\d{4}/, 'se=2999')],
    ['another signature', (url: string) => url.replace(/sig=./, (sig) => (sig.endsWith('A') ? 'sig=B' : 'sig=A'))],
  ])('an upload’s URL is not good for %s', async (_, url) => {
    const { id, send } = await upload(url)
    expect(await send('first')).toBe(403)
    expect(await store.headAttachment(id, context)).toBeUndefined()
  })

  test('a download is answered as signed', async () => {
    await store.writeAttachment('plan', Buffer.from('plan'), context, { type: 'application/pdf' })
    const answer = await fetch(await store.attachmentUrl('plan', context, { name: 'ü.pdf', disposition: 'inline' }))
    expect(await answer.text()).toBe('plan')
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; .*''%C3%BC\.pdf$/)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
  })

  test('check() finds all well, and says what to do about signed headers that the service does not know', async () => {
    expect((await store.check()).map(({ level }) => level)).toEqual(['ok', 'ok', 'ok'])
    const message = expect.stringContaining('set the option signHeaders to false')
    expect(await open().check()).toContainEqual({ topic: 'upload', level: 'error', message })
  })
})
