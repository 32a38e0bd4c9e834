import type { Store } from '@threadkeep/core'
import type { SuiteContext } from '../../suite-context.ts'
import { answerOf, type Operation, perform } from '../model/operation.ts'

/** A call that one of several clients made, when, and what came of it. */
export interface RecordedCall {
  readonly client: string
  /** The same for all pages of one walk. */
  readonly step: number
  readonly operation: Operation
  /** In milliseconds of a clock that all processes of a machine share. */
  readonly begin: number
  readonly end: number
  readonly answer: string
}

/** A page as it was answered. */
export interface SeenPage {
  readonly data: readonly { readonly id: string; readonly version: number }[]
  readonly has_more: boolean
  readonly after: string | null
}

/** Makes the calls one after another, and follows every page to the last. */
export async function runClient(
  store: Store<SuiteContext>,
  context: SuiteContext,
  client: string,
  operations: readonly Operation[],
): Promise<RecordedCall[]> {
  const calls: RecordedCall[] = []
  for (const [step, first] of operations.entries()) {
    let operation: Operation | undefined = first
    while (operation) {
      const begin = now()
      const answer: string = await answerOf(perform(store, operation, context))
      calls.push({ client, step, operation, begin, end: now(), answer })
      operation = nextPage(operation, answer)
    }
  }
  return calls
}

/** What a page call was answered; `undefined` when it is none, or failed. */
export function pageOf({ operation, answer }: Pick<RecordedCall, 'operation' | 'answer'>): SeenPage | undefined {
  return operation.call === 'loadThreadItems' && answer.startsWith('{') ? JSON.parse(answer) : undefined
}

function nextPage(operation: Operation, answer: string): Operation | undefined {
  const page = pageOf({ operation, answer })
  return operation.call === 'loadThreadItems' && page?.has_more ? { ...operation, after: page.after } : undefined
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
