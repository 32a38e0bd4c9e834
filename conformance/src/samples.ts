import type { Attachment, ThreadItem, ThreadMetadata } from '@threadkeep/core'

const noon = '2026-01-01T12:00:00Z'

/** A thread; all samples share one instant unless told otherwise, so their order is the order of insertion. */
export function thread(id: string, created_at: string = noon): ThreadMetadata {
  return { id, created_at, title: null, status: { type: 'active' }, metadata: { sample: id } }
}

export function message(thread_id: string, id: string, created_at: string = noon): ThreadItem {
  const content = [{ type: 'output_text' as const, text: `text of ${id}`, annotations: [] }]
  return { type: 'assistant_message', id, thread_id, created_at, content }
}

export function attachment(id: string): Attachment {
  return { type: 'file', id, name: `${id}.txt`, mime_type: 'text/plain' }
}

/** A sample with other or further fields, such as a type of item that does not exist yet. */
export function withFields<T extends object>(sample: T, fields: object): T {
  return Object.assign(sample, fields)
}

/** Twelve letters and digits that nobody else uses. */
export function randomName(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 12)
}
