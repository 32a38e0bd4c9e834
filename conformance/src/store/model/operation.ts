import { isNotFoundError, type Order, type Store } from '@threadkeep/core'
import { inOneLine } from '../../report/in-words.ts'
import { attachment, message, thread, withFields } from '../../samples.ts'
import type { SuiteContext } from '../../suite-context.ts'

/** One call of a random run, as data; `tenant` is the number of the tenant that makes it. */
export type Operation = { readonly tenant: number } & (
  | { readonly call: 'saveThread'; readonly threadId: string; readonly version: number; readonly at: string }
  | { readonly call: 'loadThread' | 'deleteThread'; readonly threadId: string }
  | ({ readonly call: 'loadThreads' } & Range)
  | ({ readonly call: 'addThreadItem' | 'saveItem'; readonly version: number; readonly at: string } & ItemKey)
  | ({ readonly call: 'loadItem' | 'deleteThreadItem' } & ItemKey)
  | ({ readonly call: 'loadThreadItems'; readonly threadId: string } & Range)
  | { readonly call: 'saveAttachment'; readonly attachmentId: string; readonly version: number }
  | { readonly call: 'loadAttachment' | 'deleteAttachment'; readonly attachmentId: string }
)

interface Range {
  readonly after: string | null
  readonly limit: number
  readonly order: Order
}

interface ItemKey {
  readonly threadId: string
  readonly itemId: string
}

/** What came of a call: its result as JSON, or the code of its error; an error that tells nothing by its code, in words. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await call) ?? 'nothing'
  } catch (error) {
    if (isNotFoundError(error)) return 'not_found'
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return /^[a-z_]+$/.test(code) && code !== 'internal' ? code : inOneLine(error)
  }
}

export function perform(store: Store<SuiteContext>, one: Operation, context: SuiteContext): Promise<unknown> {
  switch (one.call) {
    case 'saveThread':
      return store.saveThread(withFields(thread(one.threadId, one.at), { title: `version ${one.version}` }), context)
    case 'loadThread':
      return store.loadThread(one.threadId, context)
    case 'deleteThread':
      return store.deleteThread(one.threadId, context)
    case 'loadThreads':
      return store.loadThreads(one.limit, one.after, one.order, context)
    case 'addThreadItem':
    case 'saveItem': {
      const item = withFields(message(one.threadId, one.itemId, one.at), { version: one.version })
      return store[one.call](one.threadId, item, context)
    }
    case 'loadItem':
      return store.loadItem(one.threadId, one.itemId, context)
    case 'deleteThreadItem':
      return store.deleteThreadItem(one.threadId, one.itemId, context)
    case 'loadThreadItems':
      return store.loadThreadItems(one.threadId, one.after, one.limit, one.order, context)
    case 'saveAttachment':
      return store.saveAttachment(withFields(attachment(one.attachmentId), { version: one.version }), context)
    case 'loadAttachment':
      return store.loadAttachment(one.attachmentId, context)
    case 'deleteAttachment':
      return store.deleteAttachment(one.attachmentId, context)
  }
}

/** `tenant 1: loadThreadItems(threadId "t1", after null, …)` */
export function inWords({ tenant, call, ...rest }: Operation): string {
  const told = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return `tenant ${tenant}: ${call}(${told.join(', ')})`
}
