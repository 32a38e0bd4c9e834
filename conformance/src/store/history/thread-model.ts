import { pageOf, type RecordedCall } from './recorded-call.ts'

/** What the contract knows of a thread and one of its items: the versions that were written last; null: not there. */
export interface ThreadState {
  readonly thread: number | null
  readonly item: number | null
}

export const nothing: ThreadState = { thread: null, item: null }

/** The state after the call, or `undefined` when the call cannot have been answered so in this state. */
export function after(state: ThreadState, call: RecordedCall, itemId: string): ThreadState | undefined {
  const { operation } = call
  const seen = seenBy(call, itemId)
  if (seen !== 'nothing seen')
    return seen === (operation.call === 'loadThread' ? state.thread : state.item) ? state : undefined
  switch (operation.call) {
    case 'saveThread':
      return { ...state, thread: operation.version }
    case 'deleteThread':
      return nothing
    case 'deleteThreadItem':
      return { ...state, item: null }
    case 'addThreadItem':
    case 'saveItem':
      if ((state.thread === null) !== (call.answer === 'not_found')) return undefined
      return state.thread === null ? state : { ...state, item: operation.version }
    default:
      return state
  }
}

/** The version that a reading saw of its thread or of the item, null for none; a page that goes on shows no lack. */
export function seenBy(call: RecordedCall, itemId: string): number | null | 'nothing seen' {
  const { operation, answer } = call
  if (operation.call === 'loadThread') return answer === 'not_found' ? null : versionIn(JSON.parse(answer).title)
  if (operation.call === 'loadItem') return answer === 'not_found' ? null : JSON.parse(answer).version
  const page = pageOf(call)
  if (!page) return 'nothing seen'
  const row = page.data.find(({ id }) => id === itemId)
  if (row) return row.version
  const whole = !page.has_more && operation.call === 'loadThreadItems' && operation.after === null
  return whole ? null : 'nothing seen'
}

/** Whether the call says anything about the item or its thread. */
export function concerns(call: RecordedCall, itemId: string): boolean {
  if (call.operation.call === 'loadThreadItems') return seenBy(call, itemId) !== 'nothing seen'
  return !('itemId' in call.operation) || call.operation.itemId === itemId
}

function versionIn(title: string): number {
  return Number(title.replace('version ', ''))
}
