import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StoreTrial } from '../store-case.ts'
import type { OtherProcess } from '../store-target.ts'
import type { Answer } from './answer-plans.ts'
import type { ClientPlans, Instance } from './instance.ts'
import type { RecordedCall } from './recorded-call.ts'

/** An instance in a process of its own, which ends with `close`. */
interface ForkedInstance extends Instance {
  close(): Promise<void>
}

/** Gives a store over the same backend in a process of its own, which ends when `use` ends. */
export async function withOtherProcess(
  { otherProcess }: StoreTrial,
  use: (other: Instance) => Promise<void>,
): Promise<void> {
  assert.ok(otherProcess, 'no other process can open this backend')
  const other = await forkInstance(await otherProcess())
  try {
    await use(other)
  } finally {
    await other.close()
  }
}

async function forkInstance({ module, argument = '' }: OtherProcess): Promise<ForkedInstance> {
  const path = fileURLToPath(new URL(`./answer-plans${extname(import.meta.url)}`, import.meta.url))
  const child = fork(path, [String(module), argument], { execArgv: [] })
  const exited = once(child, 'exit')
  const messages = on(child, 'message', { close: ['exit'] })
  const next = async (): Promise<Answer> => {
    const { value, done } = await messages.next()
    if (done) throw new Error(`the other process ended with ${child.exitCode ?? child.signalCode}`)
    return value[0]
  }
  await next()
  return {
    run: async (plans: ClientPlans, begun: () => void): Promise<RecordedCall[]> => {
      child.send(plans)
      await next()
      begun()
      const answer = await next()
      return typeof answer === 'string' ? [] : [...answer]
    },
    close: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
