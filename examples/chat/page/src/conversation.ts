import { applyEvent, joined, textOf, withoutItem } from './items.ts'
import { Observable } from './observable.ts'
import type { Attachment, Page, StreamEvent, Thread, ThreadItem, UserInput } from './protocol.ts'
import { ask, inWords, RequestError } from './request.ts'
import { streamEvents } from './stream.ts'

export interface Draft {
  text: string
  attachments: readonly Attachment[]
}

/** What a retry does: load what is shown, send the message again, or ask for the answer again. */
type Remedy = 'open' | 'older' | 'send' | 'answer' | 'look' | null

interface Failure {
  message: string
  remedy: Remedy
  /** The person asked for it. */
  calm?: boolean
}

interface ConversationState {
  /** Null until the server has created it. */
  thread: Thread | null
  /** Oldest first. */
  items: readonly ThreadItem[]
  /** The message on its way, until the server has it. */
  sending: Draft | null
  phase: 'opening' | 'ready' | 'answering' | 'missing'
  older: 'none' | 'more' | 'loading'
  /** The answer that is being written. */
  writing: string | null
  /** The text of the last answer that was written while the person looked on. */
  answer: string
  progress: string | null
  failure: Failure | null
}

/** Who lists threads. */
export interface Listing {
  put(thread: Thread): void
  drop(id: string): Promise<void>
}

/** One thread as a person sees it: its newest items, then older pages, and the answer that is being written. */
export class Conversation extends Observable<ConversationState> {
  readonly #listing: Listing
  readonly #id: string | null
  #cursor: string | undefined
  #abort = new AbortController()

  constructor(id: string | null, listing: Listing) {
    const phase = id ? 'opening' : 'ready'
    const nothing = { thread: null, sending: null, writing: null, answer: '', progress: null, failure: null }
    super({ ...nothing, items: [], phase, older: 'none' })
    this.#id = id
    this.#listing = listing
  }

  get id(): string | null {
    return this.state.thread?.id ?? this.#id
  }

  async open(): Promise<void> {
    const { id } = this
    if (!id) return
    this.update({ phase: 'opening', failure: null })
    try {
      const [thread] = await Promise.all([ask<Thread>('threads.get_by_id', { thread_id: id }), this.#loadPage()])
      this.update({ thread, phase: 'ready' })
    } catch (error) {
      const missing = error instanceof RequestError && error.status === 404
      if (missing) this.update({ phase: 'missing' })
      else this.update({ phase: 'ready', failure: { message: inWords(error), remedy: 'open' } })
    }
  }

  async loadOlder(): Promise<void> {
    if (this.state.older !== 'more') return
    this.update({ older: 'loading', failure: null })
    try {
      await this.#loadPage()
    } catch (error) {
      this.update({ older: 'more', failure: { message: inWords(error), remedy: 'older' } })
    }
  }

  async send(draft: Draft): Promise<void> {
    const input = toInput(draft)
    const { id } = this
    this.update({ sending: draft, answer: '' })
    if (id) await this.#follow('threads.add_user_message', { thread_id: id, input })
    else await this.#follow('threads.create', { input })
    if (!id && this.state.sending) await this.#forget()
  }

  async retry(): Promise<void> {
    const { failure, sending } = this.state
    switch (failure?.remedy) {
      case 'open':
        return this.open()
      case 'older':
        return this.loadOlder()
      case 'send':
        return sending ? this.send(sending) : undefined
      case 'answer':
        return this.#answerAgain()
      case 'look':
        return this.#look()
    }
  }

  /** Stops listening to the answer; the server may finish and keep it. */
  stop(): void {
    this.#abort.abort()
  }

  rename(thread: Thread): void {
    this.update({ thread })
  }

  async #loadPage(): Promise<void> {
    const params = { thread_id: this.id, limit: 20, order: 'desc', after: this.#cursor }
    const page = await ask<Page<ThreadItem>>('items.list', params)
    this.#cursor = page.after
    this.update({ items: joined(page.data.reverse(), this.state.items), older: page.has_more ? 'more' : 'none' })
  }

  async #follow(type: string, params: object): Promise<void> {
    this.#abort = new AbortController()
    this.update({ phase: 'answering', failure: null })
    try {
      for await (const event of streamEvents(type, params, this.#abort.signal)) this.#apply(event)
      if (this.state.sending && !this.state.failure) this.#fail('The message did not arrive.', null)
    } catch (error) {
      if (this.#abort.signal.aborted)
        this.update({ failure: { message: 'You stopped this.', ...this.#again('look'), calm: true } })
      else this.#fail(inWords(error), 'look')
    }
    this.update({ phase: 'ready', progress: null })
  }

  #apply(event: StreamEvent): void {
    this.update({ items: applyEvent(this.state.items, event) })
    switch (event.type) {
      case 'thread.created':
      case 'thread.updated':
        this.#meet(event.thread)
        break
      case 'thread.item.added':
        this.update({ writing: event.item.id, progress: null })
        break
      case 'thread.item.done':
        if (event.item.type === 'user_message') this.update({ sending: null })
        else this.update({ writing: null, answer: textOf(event.item) })
        break
      case 'progress_update':
        this.update({ progress: event.text })
        break
      case 'error':
        this.#fail(event.message ?? 'The answer could not be finished.', event.allow_retry ? 'answer' : null)
    }
  }

  #meet(thread: Thread): void {
    this.update({ thread })
    this.#listing.put(thread)
  }

  /** A message that the server does not have can only be sent again. */
  #fail(message: string, remedy: Remedy): void {
    this.update({ failure: { message, ...this.#again(remedy) } })
  }

  #again(remedy: Remedy): { remedy: Remedy } {
    return { remedy: this.state.sending ? 'send' : remedy }
  }

  async #answerAgain(): Promise<void> {
    const items = withoutItem(this.state.items, this.state.writing)
    this.update({ items, writing: null })
    const question = items.findLast((item) => item.type === 'user_message')
    if (question) await this.#follow('threads.retry_after_item', { thread_id: this.id, item_id: question.id })
  }

  /** After a lost connection the server may have finished without us. */
  async #look(): Promise<void> {
    this.update({ phase: 'answering', failure: null })
    try {
      const page = await ask<Page<ThreadItem>>('items.list', { thread_id: this.id, limit: 20, order: 'desc' })
      const items = joined(withoutItem(this.state.items, this.state.writing), page.data.reverse())
      this.update({ items, writing: null })
    } catch (error) {
      return this.update({ phase: 'ready', failure: { message: inWords(error), remedy: 'look' } })
    }
    if (this.state.items.at(-1)?.type === 'user_message') return this.#answerAgain()
    this.update({ phase: 'ready' })
  }

  /** A new thread whose first message did not arrive is none; sending again creates another. */
  async #forget(): Promise<void> {
    const { thread } = this.state
    this.update({ thread: null })
    // Gone already, or an empty thread stays in the list.
    if (thread) await this.#listing.drop(thread.id).catch(() => {})
  }
}

function toInput({ text, attachments }: Draft): UserInput {
  const ids = attachments.map(({ id }) => id)
  return { content: [{ type: 'input_text', text }], attachments: ids, quoted_text: null, inference_options: {} }
}
