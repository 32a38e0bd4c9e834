import type { Store } from '@threadkeep/core'
import type { ChatServer } from './chat-server.ts'
import type { User } from './identity.ts'
import { type ChatRequest, readRequest } from './protocol.ts'
import { RequestFault, toFault } from './request-fault.ts'

/**
 * Answers one request of the ChatKit protocol: JSON, or server-sent events. The first event is awaited before the answer
 * begins, so that what is wrong with a request still becomes its status.
 */
export async function answer(server: ChatServer, store: Store<User>, body: string, user: User): Promise<Response> {
  const request = readRequest(body)
  await requireWhatItNames(request, store, user)
  const result = await server.process(JSON.stringify(request), user).catch(refuse)
  if (!result.isStreaming) return new Response(result.toString(), { headers: { 'content-type': 'application/json' } })
  const events = result[Symbol.asyncIterator]()
  const first = await events.next().catch(refuse)
  return new Response(eventStream(first, events, store, user), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  })
}

/** A missing thread or an unusable file is refused before anything is stored. */
async function requireWhatItNames({ params }: ChatRequest, store: Store<User>, user: User): Promise<void> {
  if ('thread_id' in params) await store.loadThread(params.thread_id, user)
  if ('input' in params) await Promise.all(params.input.attachments.map((id) => store.loadAttachment(id, user)))
}

/** The SDK throws plain errors for requests that do not fit the thread. */
function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : ''
  if (/^Item .* not found in thread$/s.test(message))
    throw new RequestFault(404, 'not_found', 'item not found in thread')
  if (/^No (pending client tool call|user message) found/.test(message))
    throw new RequestFault(409, 'conflict', message)
  throw error
}

/** The rest of the stream; a fault becomes its last event. A thread that got no message is not left behind. */
function eventStream(
  first: IteratorResult<string>,
  events: AsyncGenerator<string>,
  store: Store<User>,
  user: User,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let created = threadCreatedBy(first)
  let next: IteratorResult<string> | undefined = first
  return new ReadableStream({
    async pull(controller) {
      try {
        const event = next ?? (await events.next())
        if (!next) created = null
        next = undefined
        if (event.done) controller.close()
        else controller.enqueue(encoder.encode(event.value))
      } catch (error) {
        if (created) await store.deleteThread(created, user)
        const { code, message } = toFault(error)
        const event = { type: 'error', code, message, allow_retry: false }
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`))
        controller.close()
      }
    },
    async cancel() {
      await events.return(undefined)
    },
  })
}

function threadCreatedBy(event: IteratorResult<string>): string | null {
  if (event.done || !event.value.startsWith('data: {"type":"thread.created"')) return null
  return (JSON.parse(event.value.slice('data: '.length)) as { thread: { id: string } }).thread.id
}
