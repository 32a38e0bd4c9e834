import type { Store } from '@threadkeep/core'
import { attachment, message, thread } from '../samples.ts'
import type { SuiteContext } from '../suite-context.ts'

/** The twelve methods of a store, each to be called with good arguments. */
export function everyMethod(store: Store<SuiteContext>, context: SuiteContext): Record<string, () => Promise<unknown>> {
  return {
    loadThread: () => store.loadThread('t1', context),
    saveThread: () => store.saveThread(thread('t1'), context),
    deleteThread: () => store.deleteThread('t1', context),
    loadThreads: () => store.loadThreads(20, null, 'desc', context),
    loadThreadItems: () => store.loadThreadItems('t1', null, 20, 'asc', context),
    addThreadItem: () => store.addThreadItem('t1', message('t1', 'm1'), context),
    saveItem: () => store.saveItem('t1', message('t1', 'm1'), context),
    loadItem: () => store.loadItem('t1', 'm1', context),
    deleteThreadItem: () => store.deleteThreadItem('t1', 'm1', context),
    saveAttachment: () => store.saveAttachment(attachment('a1'), context),
    loadAttachment: () => store.loadAttachment('a1', context),
    deleteAttachment: () => store.deleteAttachment('a1', context),
  }
}
