import { randomBytes, randomUUID } from 'node:crypto'
import { StorageError } from './errors.ts'

/** The prefixes of the protocol's servers, so that ids read alike everywhere. */
const prefixes: Record<string, string> = {
  thread: 'thr',
  message: 'msg',
  tool_call: 'tc',
  task: 'tsk',
  workflow: 'wf',
  attachment: 'atc',
  sdk_hidden_context: 'shcx',
}

const maxIdBytes = 512

/**
 * A new id: a prefix and 32 hex characters, a UUIDv7, so that new rows land beside each other in an index. Attachments
 * get random ones: their ids are asked for by clients and must tell nothing.
 */
export function generateId(type: string): string {
  const prefix = prefixes[type] ?? 'itm'
  return `${prefix}_${type === 'attachment' ? randomBytes(16).toString('hex') : uuidV7()}`
}

/** Gives the id back when it is a well-formed string of 1 to 512 bytes without NUL; else `invalid_argument`. */
export function checkId(name: string, id: unknown): string {
  const fault = idFault(id)
  if (fault) throw new StorageError('invalid_argument', `${name} ${fault}`)
  return id as string
}

/** What is wrong with an id, in words; `undefined` for a good one. */
export function idFault(id: unknown): string | undefined {
  if (typeof id !== 'string') return `must be a string, not ${id === null ? 'null' : typeof id}`
  if (id === '') return 'must not be empty'
  if (Buffer.byteLength(id) > maxIdBytes) return `must have at most ${maxIdBytes} bytes`
  if (id.includes('\0')) return 'must not contain NUL'
  if (!id.isWellFormed()) return 'must be well-formed Unicode, without lone surrogates'
  return undefined
}

/** The object keys of attachments are made of their ids, which come from the network. */
export function checkAttachmentId(id: unknown): string {
  if (typeof id === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(id)) return id
  throw new StorageError('invalid_argument', 'attachment id must be 1 to 128 of the characters A-Z a-z 0-9 _ -')
}

/** RFC 9562: 48 bits of milliseconds, the version, and the random rest of a version 4. */
function uuidV7(): string {
  const random = randomUUID().replaceAll('-', '')
  return `${Date.now().toString(16).padStart(12, '0')}7${random.slice(13)}`
}
