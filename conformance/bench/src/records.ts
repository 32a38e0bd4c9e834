import type { ThreadMetadata, UserMessageItem } from '@threadkeep/core'

const text = 'All work and no play makes a benchmark a dull page, which nobody reads to its end. '.repeat(4)

/** A message of 500 bytes of JSON. */
export function generateItem(threadId: string, id: string): UserMessageItem {
  return {
    id,
    thread_id: threadId,
    created_at: new Date().toISOString(),
    type: 'user_message',
    content: [{ type: 'input_text', text: text.slice(0, 320) }],
    attachments: [],
    quoted_text: null,
    inference_options: {},
  }
}

export function generateThread(id: string): ThreadMetadata {
  return {
    id,
    title: 'A thread of a benchmark',
    created_at: new Date().toISOString(),
    status: { type: 'active' },
    metadata: { plan: 'free', language: 'en' },
  }
}
