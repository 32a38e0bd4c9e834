/** One page of a list. Where `has_more`, its `after` asks for the next page. */
export interface Page<T> {
  data: T[]
  has_more: boolean
  after?: string
}

export interface Thread {
  id: string
  title?: string
  created_at: string
}

export interface Attachment {
  id: string
  name: string
  mime_type: string
  type: 'file' | 'image'
  preview_url?: string
}

/** One HTTP request, to be sent exactly so with the bytes as its body. */
interface UploadDescriptor {
  url: string
  method: string
  headers: Record<string, string>
}

export interface CreatedAttachment extends Attachment {
  upload_descriptor?: UploadDescriptor
}

interface ItemBase {
  id: string
  thread_id: string
  created_at: string
}

interface UserMessage extends ItemBase {
  type: 'user_message'
  content: { text: string }[]
  attachments: Attachment[]
}

interface AssistantMessage extends ItemBase {
  type: 'assistant_message'
  content: { text: string }[]
}

/** What servers may also keep in a thread, and this page only names. */
interface OtherItem extends ItemBase {
  type: 'client_tool_call' | 'widget' | 'task' | 'workflow' | 'end_of_turn'
}

export type ThreadItem = UserMessage | AssistantMessage | OtherItem

/** What a person sends. Attachments are ids. */
export interface UserInput {
  content: { type: 'input_text'; text: string }[]
  attachments: string[]
  quoted_text: null
  inference_options: Record<string, never>
}

export type ItemUpdate =
  | { type: 'assistant_message.content_part.added'; content_index: number; content: { text: string } }
  | { type: 'assistant_message.content_part.text_delta'; content_index: number; delta: string }
  | { type: 'assistant_message.content_part.done'; content_index: number; content: { text: string } }

export type StreamEvent =
  | { type: 'thread.created' | 'thread.updated'; thread: Thread }
  | { type: 'thread.item.added' | 'thread.item.done' | 'thread.item.replaced'; item: ThreadItem }
  | { type: 'thread.item.updated'; item_id: string; update: ItemUpdate }
  | { type: 'thread.item.removed'; item_id: string }
  | { type: 'progress_update'; text: string }
  | { type: 'notice'; message: string }
  | { type: 'error'; message?: string; allow_retry: boolean }
