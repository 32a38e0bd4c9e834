import type { ItemUpdate, StreamEvent, ThreadItem } from './protocol.ts'

/** The items after an event; the same array when the event concerns none. */
export function applyEvent(items: readonly ThreadItem[], event: StreamEvent): readonly ThreadItem[] {
  switch (event.type) {
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced':
      return withItem(items, event.item)
    case 'thread.item.updated':
      return items.map((item) => (item.id === event.item_id ? withUpdate(item, event.update) : item))
    case 'thread.item.removed':
      return withoutItem(items, event.item_id)
    default:
      return items
  }
}

export function withoutItem(items: readonly ThreadItem[], id: string | null): readonly ThreadItem[] {
  return items.filter((item) => item.id !== id)
}

/** Older items before newer ones, each once. */
export function joined(older: readonly ThreadItem[], newer: readonly ThreadItem[]): readonly ThreadItem[] {
  const known = new Set(newer.map((item) => item.id))
  return [...older.filter((item) => !known.has(item.id)), ...newer]
}

/** The text of a message, its parts joined. */
export function textOf(item: ThreadItem): string {
  if (item.type !== 'user_message' && item.type !== 'assistant_message') return ''
  return item.content.map((part) => part?.text ?? '').join('')
}

function withItem(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const index = items.findIndex(({ id }) => id === item.id)
  return index < 0 ? [...items, item] : items.with(index, item)
}

function withUpdate(item: ThreadItem, update: ItemUpdate): ThreadItem {
  if (item.type !== 'assistant_message') return item
  const text = item.content[update.content_index]?.text ?? ''
  switch (update.type) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.done':
      return withPart(item.content, update.content.text)
    case 'assistant_message.content_part.text_delta':
      return withPart(item.content, text + update.delta)
    default:
      return item
  }

  function withPart(content: readonly { text: string }[], part: string): ThreadItem {
    const next = [...content]
    next[update.content_index] = { text: part }
    return { ...item, content: next } as ThreadItem
  }
}
