import { StorageError, type Store } from '@threadkeep/core'
import { MemoryStore } from '@threadkeep/core/memory'
import type { Arbitrary } from 'fast-check'
import type { SuiteContext } from '../../suite-context.ts'
import type { StoreCase } from '../store-case.ts'
import { attachmentPlans, itemPlans, type Plan, threadPlans } from './plans.ts'
import { runModel } from './run-model.ts'

export const modelCases: readonly StoreCase[] = [
  modelCase('items', itemPlans, 'deleted-cursor'),
  modelCase('threads', threadPlans, 'deleted-cursor'),
  modelCase('attachments', attachmentPlans),
]

function modelCase(what: string, plans: Arbitrary<Plan>, gap?: 'deleted-cursor'): StoreCase {
  const model = { id: `model/${what}`, plans }
  return {
    id: model.id,
    promise: `Whatever calls come in whatever order, those for ${what} are answered as the reference store answers them.`,
    slow: true,
    run: (trial) => runModel(trial, model, reference),
    ...(gap && { gap, opposite: (trial) => runModel(trial, model, forgetfulReference) }),
  }
}

function reference(): Store<SuiteContext> {
  return new MemoryStore({ scope: ({ scope }) => scope })
}

/** Refuses the ids of deleted rows as cursors. */
function forgetfulReference(): Store<SuiteContext> {
  return new ForgetfulStore({ scope: ({ scope }) => scope })
}

class ForgetfulStore extends MemoryStore<SuiteContext> {
  override async loadThreads(...args: Parameters<Store<SuiteContext>['loadThreads']>) {
    const [, after, , context] = args
    const page = await super.loadThreads(...args)
    if (after) await this.loadThread(after, context).catch(refuse)
    return page
  }

  override async loadThreadItems(...args: Parameters<Store<SuiteContext>['loadThreadItems']>) {
    const [threadId, after, , , context] = args
    const page = await super.loadThreadItems(...args)
    const there = await this.loadThread(threadId, context).catch(() => undefined)
    if (after && there) await this.loadItem(threadId, after, context).catch(refuse)
    return page
  }
}

function refuse(): never {
  throw new StorageError('invalid_cursor', 'the row is gone')
}
