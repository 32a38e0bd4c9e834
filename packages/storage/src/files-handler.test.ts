import { StorageError } from '@threadkeep/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ann, ben, eve, newMemory, type OpenStorage, openStorage } from '../test/open-storage.ts'
import { type FilesHandlerOptions, filesHandler } from './http.ts'

let opened: OpenStorage
let handle: (path: string, init?: RequestInit & { as?: Actor }) => Promise<Response>

/** Asks as the actor that the request names; Ann by default. */
function mount(options: Partial<FilesHandlerOptions<Actor>> = {}) {
  handle = (path, { as = ann, ...init } = {}) => {
    const handler = filesHandler(opened.storage, { context: () => as, ...options })
    return handler(new Request(`http://chat.test${path}`, init))
  }
}

beforeEach(() => {
  opened = openStorage()
  mount()
})

describe('the URL of a file', () => {
  it('gives the bytes to everybody of its tenant, with its name, and verifies them first', async () => {
    const { id } = await opened.upload({ name: 'zähler "1".txt' })
    const answer = await handle(`/files/${id}`, { as: ben })
    expect([answer.status, await answer.text()]).toEqual([200, 'hello'])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '5',
      'content-disposition': `inline; filename="z_hler _1_.txt"; filename*=UTF-8''z%C3%A4hler%20%221%22.txt`,
      'cache-control': 'private, no-cache',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    expect(await opened.storage.uploads.load(id, ann)).toMatchObject({ status: 'complete' })
  })

  it('answers HEAD with what GET would say', async () => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '5', ''])
  })

  it.each([
    ['bytes=1-3', 206, 'ell', 'bytes 1-3/5'],
    ['bytes=3-', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=-2', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=0-99', 206, 'hello', 'bytes 0-4/5'],
    ['bytes=nonsense', 200, 'hello', null],
  ])('answers the range %s', async (range, status, text, contentRange) => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`, { headers: { range } })
    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ])
  })

  it.each(['bytes=9-', 'bytes=0-1,3-4'])('refuses the range %s in JSON', async (range) => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`, { headers: { range } })
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */5'])
    expect(await answer.json()).toMatchObject({ error: { name: 'StorageError', code: 'invalid_argument' } })
  })

  it('answers 304 to whoever has the bytes, and 404 once they are deleted', async () => {
    const { id } = await opened.upload()
    const etag = (await handle(`/files/${id}`)).headers.get('etag') ?? ''
    const again = () => handle(`/files/${id}`, { headers: { 'if-none-match': etag } })
    expect((await again()).status).toBe(304)
    await opened.storage.uploads.delete(id, {}, ann)
    expect((await again()).status).toBe(404)
  })

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript'])(
    'never shows %s in place',
    async (mime_type) => {
      const { id } = await opened.upload({ name: 'x.html', mime_type })
      const { headers } = await handle(`/files/${id}`)
      expect(headers.get('content-type')).toBe('application/octet-stream')
      expect(headers.get('content-disposition')).toMatch(/^attachment;/)
    },
  )

  it('serves a corrected type', async () => {
    opened = openStorage({ detectType: () => 'image/png', onTypeMismatch: 'correct' })
    const { id } = await opened.upload()
    expect((await handle(`/files/${id}`)).headers.get('content-type')).toBe('image/png')
  })
})

describe('what is not there', () => {
  it.each<[string, (opened: OpenStorage) => Promise<string>, Actor]>([
    ['missing', async () => 'atc_none', ann],
    ['not uploaded yet', async ({ create }) => (await create()).id, ann],
    ['another tenant’s', async ({ upload }) => (await upload()).id, eve],
    ['no id', async () => '', ann],
    ['a hostile id', async () => '%00..%2f', ann],
    ['broken escapes', async () => '%zz', ann],
    [
      'failed',
      async ({ upload, storage }) => {
        const { id } = await upload()
        await storage.uploads.fail(id, {}, ann)
        return id
      },
      ann,
    ],
    [
      'not what was announced',
      async ({ create, files }) => {
        const { id } = await create()
        await files.writeAttachment(id, Buffer.from('other bytes'), ann, { type: 'text/plain' })
        return id
      },
      ann,
    ],
    [
      'complete without its bytes',
      async ({ upload, storage, files }) => {
        const { id } = await upload()
        await storage.uploads.complete(id, ann)
        await files.deleteAttachment(id, ann)
        return id
      },
      ann,
    ],
  ])('is 404 in JSON, in the same words: %s', async (_, prepare, as) => {
    const id = await prepare(opened)
    for (const method of ['GET', 'HEAD']) {
      const answer = await handle(`/files/${id}`, { as, method })
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store'])
      if (method === 'HEAD') continue
      const error = { name: 'AttachmentNotFoundError', code: 'not_found', message: 'there is no such file' }
      expect(await answer.json()).toEqual({ error })
    }
  })
})

describe('a request that is refused', () => {
  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await answer.json()).toMatchObject({ error: { code: 'not_supported' } })
  })

  it('by somebody unknown is 403', async () => {
    const { id } = await opened.upload()
    mount({
      context: () => {
        throw new Error('no session')
      },
    })
    const answer = await handle(`/files/${id}`)
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'unauthorized' } }])
  })

  it('says nothing of what a backend said', async () => {
    const shared = newMemory()
    opened = openStorage({}, shared)
    const { id } = await opened.upload()
    shared.blobs.head = async () => {
      throw new StorageError('unavailable', 'connect ECONNREFUSED bucket.internal:443')
    }
    const answer = await handle(`/files/${id}`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('bucket.internal')
  })
})

describe('with redirect', () => {
  beforeEach(() => mount({ redirect: true }))

  it('leads to a fresh signed URL, which nobody may keep', async () => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store'])
    const signed = await opened.files.handler(new Request(answer.headers.get('location') ?? ''))
    expect([signed.status, await signed.text()]).toEqual([200, 'hello'])
    expect(signed.headers.get('content-disposition')).toContain('hello.txt')
  })

  it('answers HEAD itself, because a signature is good for one verb', async () => {
    const { id } = await opened.upload()
    const answer = await handle(`/files/${id}`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '5'])
  })

  it('leads nowhere when there is nothing', async () => {
    const { id } = await opened.create()
    expect((await handle(`/files/${id}`)).status).toBe(404)
  })
})
