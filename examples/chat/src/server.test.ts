import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChatClient, sha256, textOf } from '../test/chat-client.ts'
import { readConfig } from './config.ts'
import { quietSdk } from './quiet-sdk.ts'
import { type RunningServer, startServer } from './server.ts'

let dataDir: string
let server: RunningServer

beforeAll(async () => {
  quietSdk()
  dataDir = await mkdtemp(join(tmpdir(), 'threadkeep-chat-'))
  server = await startServer(readConfig({ PORT: '0', DATA_DIR: dataDir }))
})

afterAll(async () => {
  await server?.close()
  await rm(dataDir, { recursive: true, force: true })
})

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const as = (user: string | null) => new ChatClient(server.url, user)

describe('a conversation', () => {
  it('streams its answer piece by piece, and is in the history once', async () => {
    const ann = as('ann')
    const { thread, answer, events } = await ann.say('one two three')
    expect(answer).toBe('You wrote:\n> one two three')
    const deltas = events.flatMap(({ update }) => (update?.delta ? [update.delta] : []))
    expect(deltas.length).toBeGreaterThan(2)
    expect(deltas.join('')).toBe(answer)
    const items = await ann.history(thread)
    expect(items.map(({ type }) => type)).toEqual(['user_message', 'assistant_message'])
    expect(items.map(textOf)).toEqual(['one two three', answer])
  })

  it('goes on in its thread, which has the first words as its title', async () => {
    const ann = as('ann')
    const { thread } = await ann.say('a question')
    await ann.say('another', { thread })
    expect((await ann.history(thread, 3)).map(textOf)).toHaveLength(4)
    expect(await ann.call('threads.get_by_id', { thread_id: thread })).toMatchObject({ title: 'a question' })
    await ann.call('threads.update', { thread_id: thread, title: 'renamed' })
    expect(await ann.call('threads.get_by_id', { thread_id: thread })).toMatchObject({ title: 'renamed' })
  })

  it('takes a text of a megabyte and gives it back', async () => {
    const text = 'long text ä€😀 '.repeat(70_000)
    const ann = as('ann')
    const { thread, answer } = await ann.say(text)
    expect(answer).toContain(text.trimEnd())
    expect(textOf((await ann.history(thread))[0])).toBe(text)
  })

  it('is gone when it is deleted', async () => {
    const ann = as('ann')
    const { thread } = await ann.say('soon gone')
    await ann.call('threads.delete', { thread_id: thread })
    expect((await ann.post('/chatkit', { type: 'threads.get_by_id', params: { thread_id: thread } })).status).toBe(404)
  })

  it('can be asked to answer again', async () => {
    const ann = as('ann')
    const { thread } = await ann.say('again')
    const [question] = await ann.history(thread)
    const events = await Array.fromAsync(
      ann.stream('threads.retry_after_item', { thread_id: thread, item_id: question?.id }),
    )
    expect(textOf(events.findLast(({ item }) => item)?.item)).toBe('You wrote:\n> again')
  })
})

describe('files', () => {
  it('are described by the bytes that are stored', async () => {
    const ann = as('ann')
    const bytes = crypto.getRandomValues(new Uint8Array(50_000))
    const { id } = await ann.upload('Übung "1".bin', bytes, 'application/octet-stream')
    const completed = await ann.post('/attachments', { method: 'attachment.complete', params: { id } })
    expect(await completed.json()).toMatchObject({ data: { id, status: 'complete', fileSize: 50_000 } })
    const { answer } = await ann.say('see this', { attachments: [id] })
    expect(answer).toContain(`Übung "1".bin: 50000 bytes, sha256 ${sha256(bytes)}`)
  })

  it('that are images have a preview in the history', async () => {
    const ann = as('ann')
    const bytes = Uint8Array.from(Buffer.from(pixel, 'base64'))
    const { id } = await ann.upload('dot.png', bytes, 'image/png')
    const { thread } = await ann.say('look', { attachments: [id] })
    const preview = (await ann.history(thread))[0]?.attachments?.[0]?.preview_url ?? ''
    const response = await fetch(preview)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  })

  it('have a URL of their own, for whoever they belong to', async () => {
    const ann = as('ann')
    const { id } = await ann.upload('<b>.html', new TextEncoder().encode('<script>'), 'text/html')
    const response = await ann.get(`/files/${id}`)
    expect([response.status, await response.text()]).toEqual([200, '<script>'])
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /)
    expect((await ann.get(`/files/${id}`, { range: 'bytes=1-3' })).status).toBe(206)
    for (const stranger of [as('eve'), as(null)]) {
      const refused = await stranger.get(`/files/${id}`)
      expect([refused.status, await refused.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
    }
  })

  it.each([
    ['a text that is called an image', 'not really a png', 'application/octet-stream'],
    ['a document that is called an image', '%PDF-1.7 and so on', 'application/pdf'],
  ])('that are not what they are called are refused, in words: %s', async (_, text, seen) => {
    const ann = as('ann')
    const { id } = await ann.upload('dot.png', new TextEncoder().encode(text), 'image/png')
    const refused = await ann.post('/attachments', { method: 'attachment.complete', params: { id } })
    const message = `the file looks like ${seen}, not like the image/png announced`
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { error: { code: 'unsupported_type', message } },
    ])
    expect((await ann.get(`/files/${id}`)).status).toBe(404)
  })

  it('that were never uploaded cannot be sent, and leave no thread behind', async () => {
    const cleo = as('cleo')
    const { id } = await cleo.create('missing.txt', new Uint8Array(3))
    const input = { content: [], attachments: [id] }
    const refused = await cleo.post('/chatkit', { type: 'threads.create', params: { input } })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ error: { code: 'object_missing' } })
    expect(await cleo.call('threads.list', {})).toMatchObject({ data: [] })
  })

  it('that are in another thread cannot be sent, and leave no thread behind', async () => {
    const dan = as('dan')
    const { id } = await dan.upload('once.txt', new TextEncoder().encode('once'))
    await dan.say('first', { attachments: [id] })
    const { events } = await dan.say('second', { attachments: [id] })
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'conflict' })
    expect(await dan.call<{ data: unknown[] }>('threads.list', {})).toMatchObject({ data: [{ title: 'first' }] })
  })
})

describe('users', () => {
  it('never see what belongs to another', async () => {
    const [ann, eve] = [as('ann'), as('eve')]
    const { thread } = await ann.say('a secret')
    const { id } = await ann.upload('secret.txt', new TextEncoder().encode('secret'))
    const requests = [
      { type: 'threads.get_by_id', params: { thread_id: thread } },
      { type: 'items.list', params: { thread_id: thread } },
      { type: 'threads.update', params: { thread_id: thread, title: 'mine' } },
      { type: 'threads.delete', params: { thread_id: thread } },
      { type: 'threads.add_user_message', params: { thread_id: thread, input: { content: [] } } },
      { type: 'threads.create', params: { input: { content: [], attachments: [id] } } },
    ]
    for (const request of requests) expect((await eve.post('/chatkit', request)).status, request.type).toBe(404)
    const completed = await eve.post('/attachments', { method: 'attachment.complete', params: { id } })
    expect(completed.status).toBe(404)
    expect(await eve.call('threads.list', {})).toMatchObject({ data: [] })
    expect(await ann.history(thread)).toHaveLength(2)
  })

  it('without a name have an identity of their own, by cookie', async () => {
    const request = { type: 'threads.create', params: { input: { content: [{ type: 'input_text', text: 'hi' }] } } }
    const first = await as(null).post('/chatkit', request)
    await first.text()
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
    const list = (headers: Record<string, string>) =>
      as(null)
        .post('/chatkit', { type: 'threads.list', params: {} }, headers)
        .then((response) => response.json())
    expect(await list({ cookie })).toMatchObject({ data: [{ title: 'hi' }] })
    expect(await list({})).toMatchObject({ data: [] })
    expect(await list({ cookie: 'threadkeep_anonymous=' })).toMatchObject({ data: [] })
    expect(await list({ 'x-user-id': `anonymous:${cookie.split('=')[1]}` })).toMatchObject({ data: [] })
  })
})

describe('a request that is wrong', () => {
  const long = JSON.stringify({ type: 'threads.list', params: { after: 'x'.repeat(17 * 1024 * 1024) } })

  it.each([
    ['broken JSON', '{"type":', 400],
    ['no object', 'null', 400],
    ['an unknown type', { type: 'threads.explode', params: {} }, 400],
    ['no params', { type: 'threads.list' }, 400],
    ['a wrong type of a param', { type: 'threads.get_by_id', params: { thread_id: { toString: 'x' } } }, 400],
    ['a limit below 1', { type: 'threads.list', params: { limit: -1 } }, 400],
    ['an order that is none', { type: 'threads.list', params: { order: 'up' } }, 400],
    ['a cursor that is none', { type: 'threads.list', params: { after: 'nowhere' } }, 400],
    ['a title that is no string', { type: 'threads.update', params: { thread_id: 'x', title: {} } }, 400],
    ['a hostile id', { type: 'threads.get_by_id', params: { thread_id: 'a\u0000b' } }, 400],
    ['a missing thread', { type: 'threads.get_by_id', params: { thread_id: 'x' } }, 404],
    [
      'a message to a missing thread',
      { type: 'threads.add_user_message', params: { thread_id: 'x', input: { content: [] } } },
      404,
    ],
    ['a message that is no object', { type: 'threads.create', params: { input: 'hi' } }, 400],
    ['a file too large', { type: 'attachments.create', params: { name: 'a', size: 1e15, mime_type: '' } }, 413],
    ['a size that is none', { type: 'attachments.create', params: { name: 'a', size: -1, mime_type: '' } }, 400],
    ['a huge body', long, 413],
  ])('with %s is refused in JSON', async (_, body, status) => {
    const response = await as('ann').post('/chatkit', body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } })
  })

  it('with an unknown address is a 404 in JSON', async () => {
    const response = await fetch(`${server.url}/nowhere`)
    expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })

  it('with a name that is none is a 400', async () => {
    expect((await as(' ').post('/chatkit', { type: 'threads.list', params: {} })).status).toBe(400)
  })
})

describe('the server', () => {
  it('says that it is well', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
  })

  it('refuses a folder that another one uses, in words', async () => {
    const config = { ...readConfig({ PORT: '0', DATA_DIR: dataDir }) }
    await expect(startServer(config)).rejects.toThrow(/is in use/)
  })

  it('says which addresses it knows', async () => {
    const config = readConfig({ PORT: '0', DATA_DIR: join(dataDir, 'other'), STORE: 'oracle://a:secret@b/c' })
    await expect(startServer(config)).rejects.toThrow(/^STORE is oracle:\/\/…@b\/c, but must begin with .*pglite:/)
  })
})
