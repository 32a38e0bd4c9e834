import { Conversation } from './conversation.ts'
import { Observable } from './observable.ts'
import type { Thread } from './protocol.ts'
import { ThreadList } from './thread-list.ts'
import { Uploads } from './uploads.ts'

/** Everything one person sees: their threads, the one that is open, and the files they are about to send. */
export class Chat extends Observable<{ conversation: Conversation }> {
  readonly threads: ThreadList = new ThreadList()
  readonly uploads: Uploads = new Uploads()
  /** Answers go on while another thread is open. */
  readonly #answering = new Set<Conversation>()

  constructor() {
    super({ conversation: new Conversation(null, nowhere) })
    this.show()
    void this.threads.load()
  }

  /** Opens a thread, or a new one, and puts it into the address. */
  go(id: string | null): void {
    history.pushState(null, '', addressOf(id))
    this.show(id)
  }

  /** Opens what the address says. */
  show(id: string | null = idInAddress()): void {
    const { conversation } = this.state
    if (conversation.state.phase === 'answering') this.#answering.add(conversation)
    for (const known of this.#answering) if (known.state.phase !== 'answering') this.#answering.delete(known)
    const answering = [...this.#answering].find((known) => known.id === id && id)
    const next = answering ?? this.#newConversation(id)
    this.update({ conversation: next })
    if (!answering) void next.open()
  }

  async rename(thread: Thread, title: string): Promise<void> {
    const renamed = await this.threads.rename(thread.id, title)
    if (this.state.conversation.id === thread.id) this.state.conversation.rename(renamed)
  }

  async delete(id: string): Promise<void> {
    await this.threads.delete(id)
    if (this.state.conversation.id !== id) return
    history.replaceState(null, '', addressOf(null))
    this.show(null)
  }

  /** Stops listening to every answer. */
  close(): void {
    for (const conversation of [this.state.conversation, ...this.#answering]) conversation.stop()
  }

  #newConversation(id: string | null): Conversation {
    const put = (thread: Thread) => {
      this.threads.put(thread)
      if (this.state.conversation === conversation) history.replaceState(null, '', addressOf(thread.id))
    }
    const drop = async (id: string) => {
      if (this.state.conversation === conversation) history.replaceState(null, '', addressOf(null))
      await this.threads.delete(id)
    }
    const conversation = new Conversation(id, { put, drop })
    return conversation
  }
}

const nowhere = { put: () => {}, drop: async () => {} }

function idInAddress(): string | null {
  const hash = location.hash.slice(1)
  try {
    return decodeURIComponent(hash) || null
  } catch {
    // Typed by hand; an id as it stands.
    return hash
  }
}

function addressOf(id: string | null): string {
  return id ? `#${encodeURIComponent(id)}` : location.pathname
}
