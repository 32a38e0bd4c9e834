import type { Store } from '@threadkeep/core'
import type { SuiteContext } from '../../suite-context.ts'
import type { StoreTargetOptions } from '../store-target.ts'
import { type ClientPlans, instanceOf } from './instance.ts'
import type { RecordedCall } from './recorded-call.ts'

export type Answer = 'ready' | 'begun' | readonly RecordedCall[]

// A process that opens a store as a module tells, runs what it is sent, and ends when its parent lets go of it.
const [module = '', argument = ''] = process.argv.slice(2)
const { open }: { open(options: StoreTargetOptions, argument: string): Promise<Store<SuiteContext>> } = await import(
  module
)
const store = await open({ scope: ({ scope }) => scope }, argument)
const instance = instanceOf(store)

process.on('message', (plans: ClientPlans) => void run(plans))
process.on('disconnect', () => void store.close())
// Ctrl-C reaches this process too, whose parent ends it in good order.
process.on('SIGINT', () => {})
answer('ready')

async function run(plans: ClientPlans): Promise<void> {
  answer(await instance.run(plans, () => answer('begun')))
}

function answer(what: Answer): void {
  process.send?.(what)
}
