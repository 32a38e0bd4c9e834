import assert from 'node:assert/strict'
import type { Storage, UploadEvent } from '@threadkeep/storage'
import { expectSame } from '../expect-code.ts'
import { Pace } from './pace.ts'
import { created, hasBytes, hello, loadIfThere, rowOf } from './prepared.ts'
import { codesOf, inLanes } from './racing.ts'
import type { StorageTrial } from './storage-case.ts'
import type { StorageContext } from './storage-target.ts'
import { dayAfter, ofMinutes, sweepIn } from './sweeping.ts'

/** What two callers in two processes do to one upload. */
export interface UploadRace {
  readonly id: string
  readonly promise: string
  readonly callers: readonly [first: Caller, second: Caller]
  /** What their listeners may hear, in this order: one transition, and after it at most the deletion. */
  readonly histories: readonly string[]
}

type Caller = 'complete' | 'load' | 'fail' | 'delete' | 'sweep'
type Pair = Pick<StorageTrial, 'store' | 'attachments'>

type Call = (storage: Storage<StorageContext>, id: string, context: StorageContext) => Promise<unknown>

const calls: Readonly<Record<Caller, Call>> = {
  complete: ({ uploads }, id, context) => uploads.complete(id, context),
  load: ({ store }, id, context) => store.loadAttachment(id, context),
  fail: ({ uploads }, id, context) => uploads.fail(id, { reason: 'gave up' }, context),
  delete: ({ uploads }, id, context) => uploads.delete(id, {}, context),
  sweep: (storage) => sweepIn({ storage }, dayAfter),
}

/** Runs the race round after round: each time the second caller begins at another moment of the first. */
export async function runUploadRace({ callers, histories }: UploadRace, given: StorageTrial): Promise<void> {
  const sweeping = callers.includes('sweep')
  const trial = sweeping ? await ofMinutes(given) : given
  const other = sweeping ? await ofMinutes(given) : { ...given, ...(await given.open()) }
  const seen = new Set<string>()
  // A sweep would fail the uploads of other rounds too.
  await inLanes(given.races, sweeping ? 1 : 4, async (round) => {
    const order = round % 2 === 0 ? callers : ([callers[1], callers[0]] as const)
    const { id } = await created(trial)
    await trial.attachments.writeAttachment(id, hello, trial.context, { type: 'text/plain' })
    const pace = new Pace(Math.floor(round / 2) % 7)
    const heard: string[] = []
    const [first, second] = [listening(trial, pace.over(trial), id, heard), listening(trial, other, id, heard)]
    const begun = calls[order[0]](first, id, trial.context).finally(() => pace.end())
    const followed = pace.reached.then(() => calls[order[1]](second, id, trial.context))
    const ends = await codesOf([begun, followed])
    const history = heard.join(' ')
    const what = `${order[0]}: ${ends[0]}, ${order[1]}: ${ends[1]}, heard: ${history}`
    assert.ok(histories.includes(history), what)
    assert.ok(fits(order, ends, history), what)
    await expectState(trial, id, heard.at(-1))
    seen.add(history)
  })
  for (const history of histories) assert.ok(seen.has(history), `in no round was heard: ${history}`)
}

/** A storage of the pair that notes what its listeners hear. */
function listening({ createStorage }: StorageTrial, pair: Pair, id: string, heard: string[]): Storage<StorageContext> {
  const note = (name: string) => (upload: UploadEvent) => {
    if (upload.id === id) heard.push(name)
  }
  const listeners = { onComplete: note('complete'), onFailed: note('failed'), onDeleted: note('deleted') }
  return createStorage({ ...pair, ...listeners, actor: ({ user }) => user })
}

/** Who made a step, or found it made, succeeds; who came too late is told so. */
function fits(order: readonly Caller[], ends: readonly string[], history: string): boolean {
  if (order.every((caller) => caller === 'delete')) return ends.toSorted().join(' ') === 'done not_found'
  return order.every((caller, index) => {
    const end = ends[index] ?? ''
    if (caller === 'delete' || caller === 'sweep') return end === 'done'
    const made = history.startsWith(caller === 'fail' ? 'failed' : 'complete')
    return made ? end === 'done' : ['conflict', 'not_found', 'object_missing'].includes(end)
  })
}

/** The record and the bytes are as the last step leaves them. */
async function expectState(trial: StorageTrial, id: string, last: string | undefined): Promise<void> {
  const [record, bytes] = [await loadIfThere(trial, id), await hasBytes(trial, id)]
  if (last === 'complete') {
    expectSame([record?.status, record?.reason, bytes], ['complete', null, true], 'status, reason and bytes')
  } else if (last === 'failed') {
    assert.ok(!record || (record.status === 'failed' && record.reason), 'a failed record without its reason')
    assert.equal(bytes, false, 'the bytes of a failed upload are still there')
  } else {
    assert.equal(record, undefined, 'it is not hidden')
    assert.ok(!bytes || (await rowOf(trial, id))?.due, 'no sweep will find the bytes')
  }
}
