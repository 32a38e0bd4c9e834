import { z } from 'zod'
import { RequestFault } from './request-fault.ts'

const id = z.string().min(1)
const page = {
  limit: z.number().int().min(1).nullish(),
  after: z.string().nullish(),
  order: z.enum(['asc', 'desc']).nullish(),
}
const content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({
    type: z.literal('input_tag'),
    id: z.string(),
    text: z.string(),
    data: z.record(z.unknown()),
    interactive: z.boolean(),
  }),
])
const input = z.object({
  content: z.array(content).max(100),
  attachments: z.array(id).max(20).default([]),
  quoted_text: z.string().nullish(),
  inference_options: z.record(z.unknown()).default({}),
})

/** What the SDK's server takes as it comes, checked: it validates nothing itself. */
const requests = z.discriminatedUnion('type', [
  request('threads.create', { input }),
  request('threads.add_user_message', { thread_id: id, input }),
  request('threads.add_client_tool_output', { thread_id: id, result: z.unknown() }),
  request('threads.retry_after_item', { thread_id: id, item_id: id }),
  request('threads.get_by_id', { thread_id: id }),
  request('threads.list', page),
  request('threads.update', { thread_id: id, title: z.string().max(1_000).nullable() }),
  request('threads.delete', { thread_id: id }),
  request('items.list', { thread_id: id, ...page }),
  request('items.feedback', { thread_id: id, item_ids: z.array(id), kind: z.enum(['positive', 'negative']) }),
  request('attachments.create', {
    name: z.string(),
    size: z.number(),
    mime_type: z.string(),
    sha256: z.string().nullish(),
  }),
  request('attachments.delete', { attachment_id: id }),
])

export type ChatRequest = z.infer<typeof requests>

/** The checked request of a body; anything else is a 400 that says where it is wrong. */
export function readRequest(body: string): ChatRequest {
  const parsed = requests.safeParse(readJson(body))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') || 'body'
  const what = issue?.code === 'invalid_union_discriminator' ? 'unknown request type' : issue?.message
  throw new RequestFault(400, 'invalid_argument', `${where}: ${what ?? 'invalid'}`)
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new RequestFault(400, 'invalid_argument', 'the body must be JSON')
  }
}

function request<T extends string, P extends z.ZodRawShape>(type: T, params: P) {
  return z.object({ type: z.literal(type), params: z.object(params) })
}
