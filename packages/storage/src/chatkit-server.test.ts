import type { Attachment, ThreadMetadata, UserMessageItem } from '@threadkeep/core'
import { agents, ChatKitServer, type ThreadStreamEvent } from 'chatkit-node-backend-sdk'
import { describe, expect, it } from 'vitest'
import { type Actor, ann, code, openStorage } from '../test/open-storage.ts'

/** Answers through the SDK's streaming path, which adds each reply itself and lets the server add it again. */
class Parrot extends ChatKitServer<Actor> {
  adds = 0

  override async *respond(
    thread: ThreadMetadata,
    _message: UserMessageItem | null,
    actor: Actor,
  ): AsyncGenerator<ThreadStreamEvent> {
    const counted = new Proxy(this.store, {
      get: (store, name) => {
        if (name === 'addThreadItem') this.adds++
        const member: unknown = Reflect.get(store, name)
        return typeof member === 'function' ? member.bind(store) : member
      },
    })
    const context = agents.createAgentContext(thread, counted, actor)
    const item = { type: 'message', role: 'assistant', id: context.generateId('message') }
    const content = [{ type: 'output_text', text: 'hello' }]
    yield* agents.streamAgentResponse(
      context,
      (async function* () {
        for (const event of [
          { type: 'response.output_item.added', item },
          { type: 'response.output_item.done', item: { ...item, content } },
        ]) {
          yield { type: 'raw_model_stream_event', data: { type: 'model', event } } as const
        }
      })(),
    )
  }
}

/** The answer of the server, or its events. */
async function send<T>(server: Parrot, request: unknown): Promise<T[]> {
  const result = await server.process(JSON.stringify(request), ann)
  if (!result.isStreaming) return [result.toJSON() as T]
  const events: T[] = []
  for await (const event of result) events.push(JSON.parse(event.slice('data: '.length)))
  return events
}

function open() {
  const opened = openStorage()
  const quiet = { info() {}, warn() {}, error() {}, debug() {} }
  return { ...opened, server: new Parrot(opened.storage.store, opened.storage.attachments, quiet) }
}

describe('a ChatKit server on a storage', () => {
  it('shows each reply once, although it is added twice', async () => {
    const { server, memory } = open()
    const input = { content: [{ type: 'input_text', text: 'hi' }], attachments: [], inference_options: {} }
    const events = await send<{ type: string }>(server, { type: 'threads.create', params: { input } })
    const added = events.filter((event) => event.type === 'thread.item.done')
    expect(added).toHaveLength(2)
    expect(server.adds).toBe(1)
    const threads = await memory.loadThreads(10, null, 'asc', ann)
    const items = await memory.loadThreadItems(threads.data[0]?.id ?? '', null, 10, 'asc', ann)
    expect(items.data.map(({ type }) => type)).toEqual(['user_message', 'assistant_message'])
  })

  it('takes a file from its creation to the history', async () => {
    const { server, put, memory } = open()
    const params = { name: 'dot.png', size: 5, mime_type: 'image/png' }
    const [attachment] = await send<Attachment>(server, { type: 'attachments.create', params })
    if (!attachment) throw new Error('no attachment')
    expect(JSON.stringify(await memory.loadAttachment(attachment.id, ann))).not.toContain('http')
    expect((await put(attachment, 'hello')).status).toBe(201)
    const input = { content: [], attachments: [attachment.id], inference_options: {} }
    const [created] = await send<{ thread: ThreadMetadata }>(server, { type: 'threads.create', params: { input } })
    const [page] = await send(server, { type: 'items.list', params: { thread_id: created?.thread.id } })
    expect(page).toMatchObject({
      data: [{ attachments: [{ id: attachment.id, preview_url: expect.any(String) }] }, {}],
    })
    expect(JSON.stringify(page)).not.toContain('upload_url')
  })

  it('sends no file whose bytes are missing or wrong', async () => {
    const { server, files, memory } = open()
    const claims = { name: 'dot.png', size: 4, mime_type: 'image/png' }
    for (const [bytes, expected] of [
      [null, 'object_missing'],
      ['hello', 'checksum_mismatch'],
    ] as const) {
      const [attachment] = await send<Attachment>(server, { type: 'attachments.create', params: claims })
      const id = attachment?.id ?? ''
      if (bytes) await files.writeAttachment(id, Buffer.from(bytes), ann, { type: 'image/png' })
      const input = { content: [], attachments: [id], inference_options: {} }
      await expect(send(server, { type: 'threads.create', params: { input } })).rejects.toEqual(code(expected))
    }
    for (const { id } of (await memory.loadThreads(9, null, 'asc', ann)).data) {
      expect((await memory.loadThreadItems(id, null, 9, 'asc', ann)).data).toEqual([])
    }
  })

  it('shows a file that nobody changes any more, not even through the URL it came by', async () => {
    const { server, storage, put, files } = open()
    const params = { name: 'hello.txt', size: 5, mime_type: 'text/plain' }
    const [attachment] = await send<Attachment>(server, { type: 'attachments.create', params })
    if (!attachment) throw new Error('no attachment')
    await put(attachment, 'hello')
    const input = { content: [], attachments: [attachment.id], inference_options: {} }
    await send(server, { type: 'threads.create', params: { input } })
    expect((await put(attachment, 'HELLO')).status).toBe(412)
    await expect(storage.uploads.fail(attachment.id, {}, ann)).rejects.toEqual(code('conflict'))
    const { body } = await files.readAttachment(attachment.id, ann)
    expect(await new Response(body).text()).toBe('hello')
  })

  it('deletes a file for good', async () => {
    const { server, storage, upload } = open()
    const { id } = await upload()
    await send(server, { type: 'attachments.delete', params: { attachment_id: id } })
    await expect(storage.store.loadAttachment(id, ann)).rejects.toEqual(code('not_found'))
    expect((await send(server, { type: 'attachments.delete', params: { attachment_id: id } })).length).toBe(1)
  })
})
