import type { Store } from '@threadkeep/core'
import { hasLedger } from '@threadkeep/core/driver'
import { attachment, message, randomName, thread } from '../../samples.ts'
import type { SuiteContext } from '../../suite-context.ts'
import { inBatches, numbered } from '../fill.ts'
import type { StoreTarget } from '../store-target.ts'
import type { CountedClient } from './count-commands.ts'
import { type CountedOperation, counted, countedOperations, followers } from './operations.ts'

/** A store whose client is counted. */
export interface CommandTarget {
  /** As of a `StoreTarget`; its client is that of `counter`. */
  readonly open: StoreTarget['open']
  readonly counter: Pick<CountedClient<object>, 'commands' | 'reset'>
  /** How many commands each operation sends at most, however much is stored; 0 for one that is left out. */
  readonly declared: Partial<CommandCounts>
  /** How many items, threads and attachments to count among, of 10, 1,000 and 50,000. Default: 10 and 1,000. */
  readonly sizes?: readonly number[]
  /** Runs when everything is counted. */
  close?(): Promise<void>
}

export type CommandCounts = Readonly<Record<CountedOperation, number>>

const names = Object.keys(countedOperations) as CountedOperation[]

/** What each operation sends in a tenant with so many items in one thread, so many threads and so many attachments. */
export async function countAmong(size: number, { open, counter }: CommandTarget): Promise<CommandCounts> {
  const store = await open({ scope: ({ scope }) => scope })
  try {
    await countOn(store, await filled(store, 2), counter)
    return await countOn(store, await filled(store, size), counter)
  } finally {
    await store.close()
  }
}

/** What is wrong with the counts of all sizes, in words: above what is declared, or growing with the size. */
export function countFaults(counts: ReadonlyMap<number, CommandCounts>, declared: Partial<CommandCounts>): string[] {
  const sizes = [...counts.keys()].sort((a, b) => a - b)
  return names.flatMap((name) => {
    const found = sizes.map((size) => counts.get(size)?.[name] ?? 0)
    const told = sizes.map((size, index) => `${found[index]} among ${size}`).join(', ')
    const most = declared[name] ?? 0
    if (found.some((count) => count > most)) return `${name}: ${told}; declared: ${most}`
    if (found.some((count, index) => count > (found[index - 1] ?? count))) return `${name} grows: ${told}`
    return []
  })
}

/** Counted twice: what a client sends only once, such as a script, is sent among two rows already. */
async function countOn(
  store: Store<SuiteContext>,
  { context, middle }: Filled,
  counter: CommandTarget['counter'],
): Promise<CommandCounts> {
  const counts: [string, number][] = []
  for (const name of names) {
    counter.reset()
    await countedOperations[name](store, context, middle)
    counts.push([name, counter.commands()])
  }
  return Object.fromEntries(counts) as CommandCounts
}

interface Filled {
  readonly context: SuiteContext
  readonly middle: string
}

async function filled(store: Store<SuiteContext>, size: number): Promise<Filled> {
  const context = { scope: `counted-${randomName()}` }
  const ids = numbered('i', size)
  await store.saveThread(thread('large'), context)
  await inBatches(ids, (id) => store.addThreadItem('large', message('large', id), context))
  await inBatches(ids, (id) => store.saveThread(thread(id), context))
  await inBatches(ids, (id) => saveBound(store, context, id))
  await inBatches(followers, (end) => store.saveThread(thread('one'), { scope: `${context.scope}${end}` }))
  return { context, middle: ids[size / 2] ?? 'i0000' }
}

async function saveBound(store: Store<SuiteContext>, context: SuiteContext, id: string): Promise<void> {
  if (!hasLedger<SuiteContext>(store)) return store.saveAttachment(attachment(id), context)
  await store.ledger.putAttachment(store.ledger.scopeOf(context), attachment(id), counted)
}
