import { Observable } from './observable.ts'
import type { Page, Thread } from './protocol.ts'
import { ask, inWords } from './request.ts'

interface ThreadListState {
  /** Newest first. */
  threads: readonly Thread[]
  /** Whether there are older ones. */
  more: boolean
  loading: boolean
  failure: string | null
}

/** The person's threads, a page at a time. */
export class ThreadList extends Observable<ThreadListState> {
  #after: string | undefined

  constructor() {
    super({ threads: [], more: true, loading: false, failure: null })
  }

  /** The next page; the first one at first. */
  async load(): Promise<void> {
    if (this.state.loading) return
    this.update({ loading: true, failure: null })
    try {
      const page = await ask<Page<Thread>>('threads.list', { limit: 20, order: 'desc', after: this.#after })
      const known = new Set(this.state.threads.map(({ id }) => id))
      const threads = [...this.state.threads, ...page.data.filter(({ id }) => !known.has(id))]
      this.#after = page.after
      this.update({ threads, more: page.has_more, loading: false })
    } catch (error) {
      this.update({ loading: false, failure: inWords(error) })
    }
  }

  /** Puts a thread at the top, or a newer version in its place. */
  put(thread: Thread): void {
    const { threads } = this.state
    const index = threads.findIndex(({ id }) => id === thread.id)
    this.update({ threads: index < 0 ? [thread, ...threads] : threads.with(index, thread) })
  }

  async rename(id: string, title: string): Promise<Thread> {
    const thread = await ask<Thread>('threads.update', { thread_id: id, title })
    if (this.state.threads.some((known) => known.id === id)) this.put(thread)
    return thread
  }

  async delete(id: string): Promise<void> {
    await ask('threads.delete', { thread_id: id })
    this.update({ threads: this.state.threads.filter((thread) => thread.id !== id) })
  }
}
