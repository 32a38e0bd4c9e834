import type { Store } from '@threadkeep/core'
import type { SuiteContext } from '../../suite-context.ts'
import type { Operation } from '../model/operation.ts'
import { type RecordedCall, runClient } from './recorded-call.ts'

/** What each client of one instance is to do, side by side. */
export interface ClientPlans {
  readonly context: SuiteContext
  readonly clients: readonly { readonly name: string; readonly operations: readonly Operation[] }[]
}

/** A store that some clients share, in this process or in another. */
export interface Instance {
  /** Calls `begun` when the clients begin. */
  run(plans: ClientPlans, begun: () => void): Promise<RecordedCall[]>
}

export function instanceOf(store: Store<SuiteContext>): Instance {
  return {
    run: async ({ context, clients }, begun) => {
      const running = clients.map(({ name, operations }) => runClient(store, context, name, operations))
      begun()
      return (await Promise.all(running)).flat()
    },
  }
}

/** Deals what the clients do to the instances, in turn: `client 2 of instance 1`. */
export function clientPlans(
  instances: number,
  clients: readonly (readonly Operation[])[],
  context: SuiteContext,
): ClientPlans[] {
  return Array.from({ length: instances }, (_, instance) => ({
    context,
    clients: clients.flatMap((operations, client) =>
      client % instances === instance ? [{ name: `client ${client + 1} of instance ${instance + 1}`, operations }] : [],
    ),
  }))
}

/** The clients of all instances at once; the further ones begin first, so that the way to them costs nothing. */
export async function runTogether(
  instances: readonly Instance[],
  plans: readonly ClientPlans[],
): Promise<RecordedCall[]> {
  const running: Promise<RecordedCall[]>[] = []
  for (const [index, plan] of plans.entries()) {
    await new Promise<void>((begun, reject) => {
      const calls = instances[index]?.run(plan, begun) ?? Promise.resolve([])
      calls.catch(reject)
      running.push(calls)
    })
  }
  return (await Promise.all(running)).flat()
}
