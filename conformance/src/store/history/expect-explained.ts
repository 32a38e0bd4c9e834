import assert from 'node:assert/strict'
import { expectSame } from '../../expect-code.ts'
import type { Operation } from '../model/operation.ts'
import { contradiction } from './contradiction.ts'
import { pageOf, type RecordedCall } from './recorded-call.ts'

/** Throws when the history of a thread contradicts the contract. `stays`: the rows that nobody touched, in order. */
export function expectExplained(
  history: readonly RecordedCall[],
  itemIds: readonly string[],
  stays: readonly string[],
): void {
  for (const call of history) {
    assert.ok(isOrderly(call), `${told(call, 0)}, which is no answer to it`)
    const ids = pageOf(call)?.data.map(({ id }) => id) ?? []
    assert.equal(new Set(ids).size, ids.length, `${told(call, 0)}: a row comes twice in a page`)
  }
  for (const itemId of itemIds) {
    const calls = contradiction(history, itemId)?.toSorted((a, b) => a.begin - b.begin)
    if (!calls) continue
    const start = calls[0]?.begin ?? 0
    const lines = calls.map((call) => `  ${told(call, start)}`)
    assert.fail(`no order of these calls explains their answers, for ${itemId}:\n${lines.join('\n')}`)
  }
  expectWalks(history, stays)
}

function isOrderly({ operation, answer }: RecordedCall): boolean {
  switch (operation.call) {
    case 'addThreadItem':
    case 'saveItem':
      return answer === 'nothing' || answer === 'not_found'
    case 'loadThread':
    case 'loadItem':
      return answer.startsWith('{') || answer === 'not_found'
    case 'loadThreadItems':
      return answer.startsWith('{')
    default:
      return answer === 'nothing'
  }
}

function expectWalks(history: readonly RecordedCall[], stays: readonly string[]): void {
  const walks = new Map<string, { readonly desc: boolean; readonly ids: string[] }>()
  for (const call of history) {
    const { operation, client, step } = call
    if (operation.call !== 'loadThreadItems') continue
    const name = `the walk in step ${step} of ${client}, ${operation.limit} rows at a time, ${operation.order}`
    const walk = walks.get(name) ?? { desc: operation.order === 'desc', ids: [] }
    walks.set(name, walk)
    walk.ids.push(...(pageOf(call)?.data.map(({ id }) => id) ?? []))
  }
  for (const [name, { desc, ids }] of walks) {
    const seen = ids.filter((id) => stays.includes(id))
    expectSame(
      seen,
      desc ? stays.toReversed() : [...stays],
      `${name}: of the rows that stay it gave ${seen.join(', ')}`,
    )
  }
}

function told(call: RecordedCall, start: number): string {
  const when = start ? `${(call.begin - start).toFixed(3)} to ${(call.end - start).toFixed(3)} ms, ` : ''
  return `${when}${call.client}: ${asked(call.operation)} was answered with ${answered(call)}`
}

function asked(operation: Operation): string {
  const { call } = operation
  if (call === 'loadThreadItems') {
    return `${call}, ${operation.limit} rows ${operation.order}${operation.after ? ` after ${operation.after}` : ''},`
  }
  const version = 'version' in operation ? ` version ${operation.version}` : ''
  return 'itemId' in operation ? `${call} ${operation.itemId}${version}` : `${call}${version}`
}

function answered(call: RecordedCall): string {
  const rows = pageOf(call)?.data.map(({ id, version }) => (version === undefined ? id : `${id} version ${version}`))
  if (rows) return rows.length > 0 ? `the rows ${rows.join(', ')}` : 'no rows'
  if (call.answer === 'nothing') return 'done'
  const { version, title } = call.answer.startsWith('{') ? JSON.parse(call.answer) : {}
  return version === undefined ? (title ?? call.answer) : `version ${version}`
}
