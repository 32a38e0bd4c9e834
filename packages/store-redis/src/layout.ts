import type { KeyedAttachment, StoredRecord } from '@threadkeep/core/driver'

/** The keys of one scope, all in one slot: its hash tag. */
export interface ScopeKeys {
  /** Rows, order, gone. */
  readonly threads: readonly [string, string, string]
  /** Rows, order, gone. */
  items(threadId: string): readonly [string, string, string]
  /** Rows, order. */
  readonly attachments: readonly [string, string]
  /** What moved, by when it is due, by its thread. */
  readonly moves: readonly [string, string, string]
  /** There once the scope is in the index. */
  readonly known: string
}

export function keysOf(prefix: string, scope: string): ScopeKeys {
  const scoped = `${prefix}:{${encode(scope)}}`
  return {
    threads: list(`${scoped}:threads`),
    items: (threadId) => list(`${scoped}:items:${encode(threadId)}`),
    attachments: [`${scoped}:attachments`, `${scoped}:attachments:order`],
    moves: [`${scoped}:moves`, `${scoped}:moves:due`, `${scoped}:moves:bound`],
    known: `${scoped}:known`,
  }
}

function list(key: string): readonly [string, string, string] {
  return [key, `${key}:order`, `${key}:gone`]
}

/** Injective, and without what ends a hash tag or a part of a key. */
function encode(text: string): string {
  return text.replace(/[%{}:]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
}

/** `position body`; the row of a deleted id is its position alone. */
export function toRecord(row: unknown): StoredRecord | undefined {
  const space = typeof row === 'string' ? row.indexOf(' ') : -1
  return typeof row === 'string' && space > 0
    ? { position: row.slice(0, space), body: row.slice(space + 1) }
    : undefined
}

/** A reply of the script `getAttachments`; `undefined` for an id that has no record. */
export function toAttachments(
  scope: string,
  ids: readonly string[],
  [rows = [], moves = []]: readonly (readonly unknown[])[],
): (KeyedAttachment | undefined)[] {
  return ids.map((attachmentId, at) => {
    const record = toRecord(rows[at])
    if (!record) return undefined
    const [revision, state, due, threadId] = moves.slice(4 * at, 4 * at + 4)
    const move = { state: String(state), due: orNull(due), threadId: orNull(threadId) }
    return { scope, attachmentId, ...record, revision: Number(revision), ...move }
  })
}

function orNull(text: unknown): string | null {
  return text === '' ? null : String(text)
}

/** `position id` or `due id`. */
export function idOf(member: string): string {
  return member.slice(member.indexOf(' ') + 1)
}

/** What a script says of having done it. */
export function isOne(reply: unknown): boolean {
  return Number(reply) === 1
}
