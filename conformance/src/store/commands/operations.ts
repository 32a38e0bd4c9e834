import type { Store } from '@threadkeep/core'
import { hasLedger, type Ledger } from '@threadkeep/core/driver'
import { attachment, message, thread } from '../../samples.ts'
import type { SuiteContext } from '../../suite-context.ts'
import { numbered } from '../fill.ts'

/** What is counted. */
export type CountedOperation =
  | 'loadThread'
  | 'saveThread, a new one'
  | 'saveThread'
  | 'loadThreads'
  | 'loadThreads after a cursor'
  | 'loadThreadItems'
  | 'loadThreadItems after a cursor'
  | 'addThreadItem, a new one'
  | 'addThreadItem'
  | 'saveItem'
  | 'loadItem'
  | 'deleteThreadItem'
  | 'saveAttachment'
  | 'loadAttachment'
  | 'ledger.putAttachment, a new one that is due'
  | 'ledger.getAttachment, then moveAttachment'
  | 'ledger.releaseAttachments'
  | 'ledger.listAttachments'
  | 'ledger.listAttachments after a cursor'
  | 'ledger.listDue'
  | 'ledger.listScopes'
  | 'ledger.hasThread'
  | 'ledger.hasItem'
  | 'deleteAttachment'
  | 'deleteThread'

type Call = (store: Store<SuiteContext>, context: SuiteContext, middle: string) => Promise<unknown>

/**
 * The calls that are counted, in this order; `middle` is the id of a row in the middle of each list. The thread `large`
 * has all the items; the last call deletes it with them.
 */
export const countedOperations: Readonly<Record<CountedOperation, Call>> = {
  loadThread: (store, context) => store.loadThread('large', context),
  'saveThread, a new one': (store, context) => store.saveThread(thread('new'), context),
  saveThread: (store, context) => store.saveThread(thread('large'), context),
  loadThreads: (store, context) => store.loadThreads(20, null, 'desc', context),
  'loadThreads after a cursor': (store, context, middle) => store.loadThreads(20, middle, 'asc', context),
  loadThreadItems: (store, context) => store.loadThreadItems('large', null, 20, 'asc', context),
  'loadThreadItems after a cursor': (store, context, middle) =>
    store.loadThreadItems('large', middle, 20, 'desc', context),
  'addThreadItem, a new one': (store, context) => store.addThreadItem('large', message('large', 'new'), context),
  addThreadItem: (store, context, middle) => store.addThreadItem('large', message('large', middle), context),
  saveItem: (store, context, middle) => store.saveItem('large', message('large', middle), context),
  loadItem: (store, context, middle) => store.loadItem('large', middle, context),
  deleteThreadItem: (store, context, middle) => store.deleteThreadItem('large', middle, context),
  saveAttachment: (store, context) => store.saveAttachment(attachment('new'), context),
  loadAttachment: (store, context, middle) => store.loadAttachment(middle, context),
  'ledger.putAttachment, a new one that is due': (store, context) =>
    onLedger(store, context, (ledger, scope) => ledger.putAttachment(scope, attachment('due'), counted)),
  'ledger.getAttachment, then moveAttachment': (store, context, middle) =>
    onLedger(store, context, async (ledger, scope) => {
      const entry = await ledger.getAttachment(scope, middle)
      if (entry) await ledger.moveAttachment(entry, counted)
    }),
  'ledger.releaseAttachments': (store, context) =>
    onLedger(store, context, (ledger, scope) => ledger.releaseAttachments(scope, 'large', new Date(counted.due))),
  'ledger.listAttachments': (store, context) =>
    onLedger(store, context, (ledger, scope) => ledger.listAttachments(scope, null, 20)),
  'ledger.listAttachments after a cursor': (store, context, middle) =>
    onLedger(store, context, (ledger, scope) => ledger.listAttachments(scope, middle, 20)),
  'ledger.listDue': (store, context) =>
    onLedger(store, context, (ledger) => ledger.listDue(new Date('2999-01-01'), 20)),
  'ledger.listScopes': (store, context) =>
    onLedger(store, context, (ledger, scope) => ledger.listScopes(scope.slice(0, -1), 1 + followers.length)),
  'ledger.hasThread': (store, context) => onLedger(store, context, (ledger, scope) => ledger.hasThread(scope, 'large')),
  'ledger.hasItem': (store, context, middle) =>
    onLedger(store, context, (ledger, scope) => ledger.hasItem(scope, 'large', middle)),
  deleteAttachment: (store, context, middle) => store.deleteAttachment(middle, context),
  deleteThread: (store, context) => store.deleteThread('large', context),
}

/** The ends of the names of further tenants, which come next to the one with the large thread in the list of scopes. */
export const followers: readonly string[] = numbered('-', 20)

/** Bound to the large thread, and due in a time that nobody else asks for. */
export const counted = { state: 'complete', due: '2998-01-01T00:00:00.000Z', threadId: 'large' } as const

async function onLedger(
  store: Store<SuiteContext>,
  context: SuiteContext,
  call: (ledger: Ledger<SuiteContext>, scope: string) => Promise<unknown>,
): Promise<void> {
  if (hasLedger<SuiteContext>(store)) await call(store.ledger, store.ledger.scopeOf(context))
}
