import { createHash } from 'node:crypto'

/** A client of the chat server over plain HTTP, as one user. */
export class ChatClient {
  readonly #url: string
  readonly #headers: Record<string, string>

  constructor(url: string, user: string | null) {
    this.#url = url
    this.#headers = user === null ? {} : { 'x-user-id': user }
  }

  /** Sends any body to any path. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return fetch(`${this.#url}${path}`, { method: 'POST', body: text, headers: { ...this.#headers, ...headers } })
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#url}${path}`, { headers: { ...this.#headers, ...headers } })
  }

  /** The JSON answer of a request; anything but 200 is an error with the answer in it. */
  async call<T>(type: string, params: object): Promise<T> {
    const response = await this.post('/chatkit', { type, params })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${type}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }

  /** The events of a streaming request, as they come. */
  async *stream(type: string, params: object): AsyncGenerator<ChatEvent> {
    const response = await this.post('/chatkit', { type, params })
    if (response.status !== 200 || !response.body)
      throw new Error(`${type}: ${response.status} ${await response.text()}`)
    let rest = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) yield JSON.parse(part.slice('data: '.length)) as ChatEvent
    }
  }

  /** Says something in a thread, or in a new one, and waits for the end of the answer. */
  async say(text: string, options: { thread?: string; attachments?: string[] } = {}): Promise<Said> {
    const input = { content: [{ type: 'input_text', text }], attachments: options.attachments ?? [] }
    const [type, params] = options.thread
      ? ['threads.add_user_message', { thread_id: options.thread, input }]
      : ['threads.create', { input }]
    const events = await Array.fromAsync(this.stream(type, params))
    const created = events.find((event) => event.type === 'thread.created')
    const reply = events.findLast((event) => event.type === 'thread.item.done')
    return { thread: options.thread ?? created?.thread?.id ?? '', answer: textOf(reply?.item), events }
  }

  /** Everything in a thread, oldest first, over as many pages as it takes. */
  async history(thread: string, limit = 100): Promise<ChatItem[]> {
    const items: ChatItem[] = []
    let after: string | undefined
    do {
      const page = await this.call<ChatPage>('items.list', { thread_id: thread, limit, after, order: 'asc' })
      items.push(...page.data)
      after = page.after
    } while (after)
    return items
  }

  async create(name: string, bytes: Uint8Array, mime_type = 'text/plain'): Promise<ChatAttachment> {
    return this.call('attachments.create', { name, size: bytes.byteLength, mime_type })
  }

  /** Creates an attachment and uploads its bytes exactly as told. */
  async upload(name: string, bytes: Uint8Array<ArrayBuffer>, mime_type?: string): Promise<ChatAttachment> {
    const attachment = await this.create(name, bytes, mime_type)
    const { url, method, headers } = attachment.upload_descriptor
    const response = await fetch(url, { method, headers, body: bytes })
    if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`)
    return attachment
  }
}

export interface ChatEvent {
  type: string
  thread?: { id: string; title?: string }
  item?: ChatItem
  update?: { type: string; delta?: string }
  code?: string
  message?: string
}

export interface ChatItem {
  id: string
  type: string
  content: { text: string }[]
  attachments?: { id: string; preview_url?: string }[]
}

export interface ChatAttachment {
  id: string
  upload_descriptor: { url: string; method: string; headers: Record<string, string> }
}

interface ChatPage {
  data: ChatItem[]
  after?: string
}

interface Said {
  thread: string
  answer: string
  events: ChatEvent[]
}

export function textOf(item: ChatItem | undefined): string {
  return item?.content.map(({ text }) => text).join('') ?? ''
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
