import { type Arbitrary, array, constantFrom, integer, oneof, record } from 'fast-check'
import type { Operation } from './operation.ts'

export type Plan = readonly Operation[]

const maxCalls = 60
const version = integer({ min: 1, max: 99 })
/** The first weighs most, so that calls meet in the same rows. */
const tenant = constantFrom(1, 1, 1, 2)
const threadId = constantFrom('t1', 't1', 't1', 't1', 't2', 't3')
const itemId = constantFrom('m1', 'm2', 'm3', 'm4', 'm5', 'm6')
const attachmentId = constantFrom('a1', 'a2', 'a3')
const noon = '2026-01-01T12:00:00Z'
/** Rows share instants, one of them told in two ways. */
const at = constantFrom(noon, noon, '2026-01-01T12:00:00.000001Z', '2026-01-01T11:00:00Z', '2026-01-01T13:00:00+01:00')
const limit = integer({ min: 1, max: 4 })
const order = constantFrom('asc' as const, 'desc' as const)
const only = <T extends string>(...calls: T[]) => constantFrom(...calls)

const threads = record({ call: only('saveThread'), tenant, threadId, version, at })
const threadReads = record({ call: only('loadThread'), tenant, threadId })
const threadDeletes = record({ call: only('deleteThread'), tenant, threadId })
/** Cursors of rows that are there, that are gone, and that never were. */
const threadPages = record({ call: only('loadThreads'), tenant, after: cursor('t1', 't2', 't3', 't9'), limit, order })
const items = record({ call: only('addThreadItem', 'saveItem'), tenant, threadId, itemId, version, at })
const itemReads = record({ call: only('loadItem'), tenant, threadId, itemId })
const itemDeletes = record({ call: only('deleteThreadItem'), tenant, threadId, itemId })
const itemCursor = cursor('m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm9')
const itemPages = record({ call: only('loadThreadItems'), tenant, threadId, after: itemCursor, limit, order })
const attachments = record({ call: only('saveAttachment'), tenant, attachmentId, version })
const attachmentCalls = record({ call: only('loadAttachment', 'deleteAttachment'), tenant, attachmentId })

/** Mostly items of few threads. */
export const itemPlans: Arbitrary<Plan> = beginning(
  oneof(
    { weight: 2, arbitrary: threads },
    { weight: 1, arbitrary: threadDeletes },
    { weight: 1, arbitrary: threadReads },
    { weight: 8, arbitrary: items },
    { weight: 3, arbitrary: itemReads },
    { weight: 4, arbitrary: itemDeletes },
    { weight: 8, arbitrary: itemPages },
  ),
)

/** Mostly threads, and what becomes of their items. */
export const threadPlans: Arbitrary<Plan> = beginning(
  oneof(
    { weight: 6, arbitrary: threads },
    { weight: 4, arbitrary: threadDeletes },
    { weight: 3, arbitrary: threadReads },
    { weight: 6, arbitrary: threadPages },
    { weight: 2, arbitrary: items },
    { weight: 2, arbitrary: itemPages },
  ),
)

/** Attachments, beside a thread that comes and goes. */
export const attachmentPlans: Arbitrary<Plan> = beginning(
  oneof(
    { weight: 4, arbitrary: attachments },
    { weight: 5, arbitrary: attachmentCalls },
    { weight: 1, arbitrary: threadDeletes },
  ),
)

function beginning(one: Arbitrary<Operation>): Arbitrary<Plan> {
  const first: Operation = { call: 'saveThread', tenant: 1, threadId: 't1', version: 0, at: noon }
  const rest = array(one, { minLength: 1, maxLength: maxCalls - 1, size: 'max' })
  return rest.map((calls) => [first, ...calls])
}

function cursor(...ids: string[]): Arbitrary<string | null> {
  return constantFrom(null, null, ...ids)
}
