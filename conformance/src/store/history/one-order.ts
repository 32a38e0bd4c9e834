import assert from 'node:assert/strict'
import { expectSame } from '../../expect-code.ts'
import { pageOf, type RecordedCall } from './recorded-call.ts'

/** Two processes of one machine read one clock, but not at the moment a call begins or ends. */
const clockToleranceMs = 10

interface AddedRow extends RecordedCall {
  readonly id: string
  readonly instant: number
}

/**
 * Throws when rows that were added are not read by their instants, or not as they were added: within an instance when
 * one call ended before the other began, between instances when it ended well before; or when two readers disagree.
 */
export function expectOneOrder(added: readonly RecordedCall[], read: readonly RecordedCall[]): void {
  const rows = added.map(rowOf)
  const walks = [...Map.groupBy(read, ({ client, step }) => `walk ${step + 1} of ${client}`)]
  const [first] = walks
  assert.ok(first, 'nobody read')
  const order = idsOf(first[1])
  expectSame(order.toSorted(), rows.map(({ id }) => id).sort(), 'the rows')
  for (const [name, calls] of walks) expectSame(idsOf(calls), order, `${name} gives another order than ${first[0]}`)
  const place = new Map(order.map((id, index) => [id, index]))
  const inOrder = rows.toSorted((a, b) => Number(place.get(a.id)) - Number(place.get(b.id)))
  for (const [index, later] of inOrder.entries()) {
    const wrong = inOrder.slice(0, index).find((earlier) => comesBefore(later, earlier))
    if (wrong) assert.fail(`${told(wrong)} comes before ${told(later)}`)
  }
}

function rowOf(call: RecordedCall): AddedRow {
  const { operation, answer, client } = call
  assert.ok('itemId' in operation && 'at' in operation, 'the rows are added')
  assert.equal(answer, 'nothing', `${client} adds ${operation.itemId}`)
  return { ...call, id: operation.itemId, instant: Date.parse(operation.at) }
}

function comesBefore(one: AddedRow, other: AddedRow): boolean {
  if (one.instant !== other.instant) return one.instant < other.instant
  return one.end + (processOf(one) === processOf(other) ? 0 : clockToleranceMs) < other.begin
}

function processOf({ client }: RecordedCall): string {
  return client.replace(/^client \d+ of /, '')
}

/** The rows of a walk, the first row first. */
function idsOf(walk: readonly RecordedCall[]): string[] {
  const ids = walk.flatMap(
    (call) => pageOf(call)?.data.map(({ id }) => id) ?? assert.fail(`${call.client} read nothing`),
  )
  const [{ operation } = { operation: undefined }] = walk
  return operation?.call === 'loadThreadItems' && operation.order === 'desc' ? ids.reverse() : ids
}

function told({ id, client, begin, end, operation }: AddedRow): string {
  const at = 'at' in operation ? operation.at : ''
  return `${id} of ${at}, added by ${client} from ${begin.toFixed(3)} to ${end.toFixed(3)} ms,`
}
