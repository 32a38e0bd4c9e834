import assert from 'node:assert/strict'
import type { Attachment, UploadDescriptor } from '@threadkeep/core'
import { expectSame } from '../expect-code.ts'
import type { AttachmentTrial } from './attachment-case.ts'
import { allOf } from './bytes.ts'

export interface Upload {
  readonly id: string
  readonly descriptor: UploadDescriptor
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

/** A new attachment for these bytes, and how to upload them. */
export async function createUpload(
  { store, context }: Pick<AttachmentTrial, 'store' | 'context'>,
  bytes: Uint8Array<ArrayBuffer>,
  type = 'application/pdf',
  more: { sha256?: string; name?: string } = {},
): Promise<Upload> {
  return { ...(await createUploadOf({ store, context }, bytes.byteLength, type, more)), bytes }
}

/** The same for bytes that are not there yet. */
export async function createUploadOf(
  { store, context }: Pick<AttachmentTrial, 'store' | 'context'>,
  size: number,
  type: string,
  more: { sha256?: string; name?: string } = {},
): Promise<Omit<Upload, 'bytes'>> {
  const attachment = await store.createAttachment({ name: 'plan.pdf', size, mime_type: type, ...more }, context)
  return { id: attachment.id, descriptor: descriptorOf(attachment), type }
}

export function descriptorOf({ upload_descriptor }: Attachment): UploadDescriptor {
  assert.ok(upload_descriptor, 'createAttachment gives an upload_descriptor')
  return upload_descriptor
}

export interface Answer {
  readonly status: number
  /** 2xx. */
  readonly ok: boolean
  readonly text: string
}

/** Sends the upload as its descriptor says, with what a case changes. */
export async function send(
  { descriptor, bytes, type }: Upload,
  changes: RequestInit & { url?: string } = {},
): Promise<Answer> {
  const { url = descriptor.url, ...init } = changes
  const { method, headers } = descriptor
  const body = method === 'POST' ? formOf(bytes, type) : bytes
  const response = await fetch(url, { method, headers, body, redirect: 'manual', ...init })
  return { status: response.status, ok: response.ok, text: await response.text() }
}

/** The answer refuses, as one who understood the request: 4xx. */
export function expectRefused({ status, text }: { status: number; text: string }, what: string): void {
  assert.ok(status >= 400 && status < 500, `${what} must be refused, but was answered ${status}: ${text.slice(0, 200)}`)
}

export function expectAccepted({ status, text }: { status: number; text: string }, what = 'the upload'): void {
  assert.ok(
    status >= 200 && status < 300,
    `${what} must be accepted, but was answered ${status}: ${text.slice(0, 200)}`,
  )
}

/** Exactly these bytes are stored under the id. */
export async function expectStored(
  { store, context }: Pick<AttachmentTrial, 'store' | 'context'>,
  id: string,
  bytes: Uint8Array,
): Promise<void> {
  const content = await store.readAttachment(id, context)
  const found = await allOf(content)
  expectSame([content.size, found.byteLength], [bytes.byteLength, bytes.byteLength], 'the size and the bytes read')
  assert.ok(found.equals(bytes), 'other bytes came back')
}

export async function expectNothingStored({ store, context }: AttachmentTrial, id: string): Promise<void> {
  assert.equal(await store.headAttachment(id, context), undefined, 'something was stored')
}

/** The URL with one character of its signature changed. */
export function withFlippedSignature(url: string): string {
  const flipped = new URL(url)
  const names = [...flipped.searchParams.keys()]
  const name = names.find((one) => /sig/i.test(one) && !/signed/i.test(one)) ?? names.find((one) => /token/i.test(one))
  assert.ok(name, 'the URL has a parameter with its signature')
  const value = flipped.searchParams.get(name) ?? ''
  const at = value.length - 5
  const other = value[at] === '0' ? '1' : '0'
  flipped.searchParams.set(name, `${value.slice(0, at)}${other}${value.slice(at + 1)}`)
  return flipped.href
}

/** The URL with another last character in its path: another object of the same tenant. */
export function withOtherKey(url: string): string {
  const other = new URL(url)
  other.pathname = other.pathname.slice(0, -1) + (other.pathname.endsWith('0') ? '1' : '0')
  return other.href
}

export function withoutQuery(url: string): string {
  const bare = new URL(url)
  bare.search = ''
  return bare.href
}

function formOf(bytes: Uint8Array<ArrayBuffer>, type: string): FormData {
  const form = new FormData()
  form.append('file', new Blob([bytes], { type }), 'upload')
  return form
}
