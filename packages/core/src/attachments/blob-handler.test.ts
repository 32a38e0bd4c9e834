import { describe, expect, test } from 'vitest'
import { MemoryAttachmentStore } from './memory-attachment-store.ts'

const app = 'https://app.example'
const claims = { name: 'hello.txt', size: 5, mime_type: 'text/plain' }

function storeFor(origins?: string[]): MemoryAttachmentStore<string> {
  return new MemoryAttachmentStore<string>({ scope: (tenant) => tenant, ...(origins && { origins }) })
}

async function uploadUrl(store: MemoryAttachmentStore<string>): Promise<string> {
  return (await store.createAttachment(claims, 'tenant')).upload_url ?? ''
}

async function ask(store: MemoryAttachmentStore<string>, method: string, origin: string): Promise<Response> {
  const headers = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' }
  return store.handler(new Request(await uploadUrl(store), { method, headers }))
}

describe('pages of other origins', () => {
  test('may upload from a listed origin, with the headers of the descriptor', async () => {
    const store = storeFor([app])
    const { headers, status } = await ask(store, 'OPTIONS', app)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-allow-methods')?.split(', ')).toEqual(
      expect.arrayContaining(['PUT', 'POST', 'GET']),
    )
    const { upload_descriptor } = await store.createAttachment(claims, 'tenant')
    const allowed = headers.get('access-control-allow-headers')?.split(', ')
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(upload_descriptor?.headers ?? {})))
    expect(headers.get('vary')).toBe('origin')
  })

  test('may read answers and refusals from a listed origin', async () => {
    const { headers, status } = await ask(storeFor([app]), 'PUT', app)
    expect(status).toBe(411)
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-expose-headers')).toContain('etag')
  })

  test.each([
    ['that is not listed', [app], 'https://evil.example'],
    ['when none is listed', undefined, app],
    ['that only looks like a listed one', [app], 'https://app.example.evil.example'],
    ['that is null', [app], 'null'],
  ])('may do nothing from an origin %s', async (_, origins, origin) => {
    const response = await ask(storeFor(origins), 'OPTIONS', origin)
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('may all upload when any origin is listed', async () => {
    const { headers, status } = await ask(storeFor(['*']), 'OPTIONS', 'https://anywhere.example')
    expect([status, headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([204, '*', null])
  })

  test('may show downloads only where origins are listed', async () => {
    for (const [origins, policy] of [
      [undefined, 'same-site'],
      [[app], 'cross-origin'],
    ] as const) {
      const store = storeFor(origins && [...origins])
      await store.writeAttachment('atc_1', new Uint8Array(1), 'tenant')
      const { headers } = await store.handler(new Request(await store.attachmentUrl('atc_1', 'tenant')))
      expect(headers.get('cross-origin-resource-policy')).toBe(policy)
    }
  })

  test.each([['https://app.example/'], ['app.example'], ['https://app.example/path'], [''], ['null']])(
    'are not named by %j',
    (origin) => {
      expect(() => storeFor([origin])).toThrow(expect.objectContaining({ code: 'configuration' }))
    },
  )
})

test.each(['DELETE', 'PATCH'])('%s is answered with the verbs that work', async (method) => {
  const response = await ask(storeFor(), method, app)
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST, PUT')
  expect(await response.json()).toMatchObject({ error: { code: 'not_supported' } })
})
